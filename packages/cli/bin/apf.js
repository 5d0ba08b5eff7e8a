#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/index.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('apf: this source checkout is not built; run npm ci in its root');
  process.exitCode = 1;
}
