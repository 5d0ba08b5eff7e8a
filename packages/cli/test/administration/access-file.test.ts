import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { addToAccessFile, readAccessFile } from '../../src/administration/access-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apf-access-'));
  path = join(folder, 'access.yml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const JANE = {
  user: 'jane',
  topics: ['stamp_*'],
  groupPrefix: 'uchile',
  hosts: ['192.0.2.7'],
  writes: [],
  until: '2027-03-31',
  name: 'Jane Doe',
};

it('a file that was begun by a grant is read back', async () => {
  await (
    await addToAccessFile(path, JANE)
  )();
  expect(await readAccessFile(path)).toEqual({ grants: [JANE], keep: [] });
  expect(readFileSync(path, 'utf8')).toMatch(/^# Who may read which topics/);
  expect(readdirSync(folder)).toEqual(['access.yml']);
});

it('nothing is written before it is to be', async () => {
  await addToAccessFile(path, JANE);
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['', '# nobody yet\n', 'users:\n', 'keep: [admin]\nusers: {}\n'])(
  '%j can be added to',
  async (text) => {
    writeFileSync(path, text);
    await (
      await addToAccessFile(path, JANE)
    )();
    expect((await readAccessFile(path)).grants).toEqual([JANE]);
  },
);

it('comments and the order of others stay when somebody is added', async () => {
  const text = [
    '# ours',
    'keep: [admin] # the operators',
    'users:',
    '  zoe: # until her thesis is done',
    '    topics: sn',
    '    group-prefix: z',
    '',
  ].join('\n');
  writeFileSync(path, text);
  await (
    await addToAccessFile(path, JANE)
  )();
  const written = readFileSync(path, 'utf8');
  for (const part of ['# ours\nkeep: [admin] # the operators\n', '  zoe:', '# until her thesis is done\n'])
    expect(written).toContain(part);
  const { grants, keep } = await readAccessFile(path);
  expect(keep).toEqual(['admin']);
  expect(grants).toEqual([{ user: 'zoe', topics: ['sn'], groupPrefix: 'z', hosts: [], writes: [] }, JANE]);
});

it('a user is added once', async () => {
  await (
    await addToAccessFile(path, JANE)
  )();
  await expect(addToAccessFile(path, JANE)).rejects.toThrow(
    /access\.yml has jane already: change the entry there/,
  );
});

it.each([
  ['users: [jane]', /'users' must hold names/],
  ['- jane', /the file must hold names/],
  ['user: {}', /user is no key; did you mean 'users'\?$/],
  ['users:\n  jane: sn', /users\.jane must hold names/],
  ['users:\n  jane: {topic: sn}', /users\.jane\.topic is no key; did you mean 'topics'\?$/],
  ['users:\n  jane: {topics: [1], group-prefix: x}', /users\.jane\.topics must be a list of texts/],
  ['users:\n  jane: {topics: sn, group-prefix: 7}', /users\.jane\.group-prefix must be text/],
  ['users:\n  jane: {topics: sn}', /users\.jane: the grant of jane has no group prefix/],
  ['users:\n  jane: {topics: sn, group-prefix: x, hosts: here}', /users\.jane: 'here' is not an IP address/],
  ['users:\n  "a\\e[2J": {topics: sn, group-prefix: x}', /users\.a\\u001b\[2J: /],
  ['users:\n  jane: {\n', /access\.yml, line 3: /],
  ['users:\n  jane: {}\n  jane: {}', /access\.yml, line 3: Map keys must be unique/],
  [
    `a: &a [x]\n${Array.from(
      { length: 9 },
      (_, i) =>
        `b${i}: &b${i} [${Array(9)
          .fill(i === 0 ? '*a' : `*b${i - 1}`)
          .join(', ')}]`,
    ).join('\n')}`,
    /Excessive alias count/,
  ],
])('%j is refused with where and why', async (text, message) => {
  writeFileSync(path, text);
  const refused = readAccessFile(path);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toBeInstanceOf(UsageError);
});

it('a file that is not there is said so, with the cure', async () => {
  await expect(readAccessFile(path)).rejects.toThrow(
    /^there is no access file '.*': name one with --file, or begin one/,
  );
});
