#!/usr/bin/env node
import { whenBuilt } from './when-built.js';

await whenBuilt('index.js', 'apf');
