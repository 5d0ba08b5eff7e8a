import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import fc from 'fast-check';
import { parseBashConf, readBashConf } from '../../src/compat/bash-conf.js';

const parse = (text: string, environment: NodeJS.ProcessEnv = {}): Record<string, string> =>
  Object.fromEntries(parseBashConf(text, 'x.conf', environment));

const CONF = String.raw`#!/bin/bash
# A comment, KEY=not
export PORT=29092
IPPORT="localhost:${'${PORT}'}"   # behind a value
  TOPIC='ztf-stream-$PORT'; OBS=3
EMPTY=
DIR=${'${HOME_OF}'}/data\ sim/"a b"'c d'
FIELD=diaSource,midPointTai
NOTHING=${'${UNSET}'}x
OR=${'${UNSET:-/data/x}'}/${'${PORT:-1}'}
ESCAPED="\$PORT \"q\" \x"
HASH=a#b
`;

describe('a bash conf', () => {
  it('is read as bash reads it', () => {
    const expected = {
      PORT: '29092',
      IPPORT: 'localhost:29092',
      TOPIC: 'ztf-stream-$PORT',
      OBS: '3',
      EMPTY: '',
      DIR: '/home/data sim/a bc d',
      FIELD: 'diaSource,midPointTai',
      NOTHING: 'x',
      OR: '/data/x/29092',
      ESCAPED: String.raw`$PORT "q" \x`,
      HASH: 'a#b',
    };
    expect(parse(CONF, { HOME_OF: '/home' })).toEqual(expected);
    const names = Object.keys(expected);
    const script = `${CONF}\nfor name in ${names.join(' ')}; do printf '%s\\0' "\${!name}"; done`;
    const sourced = execFileSync('bash', ['--norc', '-c', script], {
      env: { HOME_OF: '/home' },
      encoding: 'utf8',
    });
    expect(sourced.split('\0').slice(0, -1)).toEqual(Object.values(expected));
  });

  it('takes Windows line ends and a byte order mark', () => {
    expect(parse('\uFEFFA=1\r\nB="$A"\r\n')).toEqual({ A: '1', B: '1' });
  });

  it.each([
    ['A=$(rm -rf x)', 'line 1 has a command, which is not executed'],
    ['# a\nA="`date`"', 'line 2 has a command, which is not executed'],
    ['A=1\n\nrm -rf x', 'line 3 is not KEY=value: rm -rf x'],
    ['A=1 rm -rf x', 'line 1 is not KEY=value'],
    ['A=(1 2)', "line 1 has a '(', which bash would act on"],
    ['A=1 & B=2', 'line 1 is not KEY=value'],
    ['A=1|tee', "line 1 has a '|', which bash would act on"],
    ['A="1\nB=2', 'line 1 has a " without its second'],
    ["A='1", "line 1 has a ' without its second"],
    ['A=${B%x}', 'line 1 has a ${…} other than ${VAR} and ${VAR:-otherwise}'],
  ])('never executes: %j', (text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(`x.conf: ${message}`);
  });

  it('gives back any text that stands in single quotes, and ends on any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = text.replaceAll("'", '').replaceAll('\r\n', '');
        expect(parse(`A='${value}'\nB=2`)).toEqual({ A: value, B: '2' });
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });

  it('names the file that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'apf-conf-'));
    try {
      expect(() => readBashConf(join(folder, 'x.conf'), {})).toThrow(
        `the configuration '${join(folder, 'x.conf')}'`,
      );
      writeFileSync(join(folder, 'x.conf'), 'A=1');
      expect(readBashConf(join(folder, 'x.conf'), {}).get('A')).toBe('1');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
