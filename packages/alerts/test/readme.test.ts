import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DERIVED_NAMES } from '../src/expressions/derived-names.js';
import { FUNCTIONS } from '../src/expressions/functions.js';

const readme = readFileSync(join(process.cwd(), 'packages/alerts/README.md'), 'utf8');

/** The rows of the table under a heading, less its head. */
function rows(heading: string): string[][] {
  const section = readme.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

describe("the package's README", () => {
  it('lists every derived name with its formulas', () => {
    expect(rows('Derived names')).toEqual(
      DERIVED_NAMES.map(({ name, meaning, formula }) => [
        `\`${name}\``,
        meaning,
        ...[formula.ztf, formula.lsst, formula.elasticc].map((text) => `\`${text}\``),
      ]),
    );
  });

  it('lists every function', () => {
    expect(rows('Functions')).toEqual(
      [...FUNCTIONS.values()].map(({ usage, meaning }) => [`\`${usage}\``, meaning]),
    );
  });
});
