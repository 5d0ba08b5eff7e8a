import { readFileSync, readdirSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

import {
  ApfError,
  ERROR_CODES,
  FatalError,
  PoisonError,
  RetryableError,
  UsageError,
  toError,
} from '@apf/core';

describe('errors', () => {
  it('carry a code of the table and their cause', () => {
    const cause = new Error('why');
    for (const error of [
      new PoisonError('p', { cause }),
      new FatalError('f', { cause }),
      new RetryableError('r', 3, { cause }),
      new UsageError('u', { cause }),
    ]) {
      expect(error).toBeInstanceOf(ApfError);
      expect(Object.keys(ERROR_CODES)).toContain(error.code);
      expect(error.cause).toBe(cause);
    }
  });

  it('make an Error of whatever was thrown', () => {
    expect(toError('text').message).toBe('text');
  });

  it('take an error of another realm as it is', () => {
    const foreign: unknown = runInNewContext("Object.assign(new Error('far'), { code: 'SQLITE_BUSY' })");
    expect(foreign).not.toBeInstanceOf(Error);
    expect(toError(foreign)).toBe(foreign);
    expect(toError({ message: 'no stack' }).message).toBe('[object Object]');
  });
});

describe('the table of error codes', () => {
  it('stands in the README, word for word', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const documented = [...readme.matchAll(/^\| `(APF_\w+)` \| (.*) \|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]);
    expect(documented).toEqual(Object.entries(ERROR_CODES));
  });

  it('holds no code that nothing raises', () => {
    const packages = new URL('../../', import.meta.url);
    const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^[a-z]+\/src\/.*\.ts$/.test(file))
      .map((file) => readFileSync(new URL(file, packages), 'utf8'))
      .join('\n');
    const unused = Object.keys(ERROR_CODES).filter((code) => sources.split(`'${code}'`).length < 2);
    expect(unused).toEqual([]);
  });
});
