// `npm run soak -- NAME [--short]`: a long run that looks for loss; its last line is JSON, its exit code the verdict.
import { readdirSync } from 'node:fs';

const folder = new URL('./soak/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && !file.endsWith('-child.mjs'))
  .map((file) => file.slice(0, -4));
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: npm run soak -- ${names.join('|')} [--short]`);
  process.exit(2);
}
const { soak } = await import(new URL(`${name}.mjs`, folder).href);
const { good, ...figures } = await soak({ short: rest.includes('--short') });
console.log(JSON.stringify({ soak: name, good, ...figures }));
process.exitCode = good ? 0 : 1;
