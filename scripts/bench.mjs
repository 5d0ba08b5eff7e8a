// `npm run bench -- NAME [--short]`: runs one benchmark on a quiet machine; its last line is JSON with its figures.
import { readdirSync } from 'node:fs';

const folder = new URL('./bench/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && !file.endsWith('-child.mjs'))
  .map((file) => file.slice(0, -4));
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join('|')} [--short]`);
  process.exit(2);
}
const { bench } = await import(new URL(`${name}.mjs`, folder).href);
const figures = await bench({ short: rest.includes('--short') });
console.log(JSON.stringify({ bench: name, ...figures }));
