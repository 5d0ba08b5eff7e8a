import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable, UsageError } from '@apf/core';
import { FilterCatalogue } from '../../src/filters/filter-catalogue.js';
import { outputTopics } from '../../src/filters/output-topics.js';

describe('the catalogue of filters', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-filters-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const own = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const open = (): Promise<FilterCatalogue> => FilterCatalogue.open(folder);
  const choose = async (...wanted: string[]): Promise<string[]> =>
    (await (await open()).choose(wanted)).map(({ name }) => name);
  const wrong = async (...wanted: string[]): Promise<string> => {
    try {
      await choose(...wanted);
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
    throw new Error('it was taken');
  };

  it('has the hundred templates and the built-in ones where a person has none (F1)', async () => {
    const { entries } = await open();
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, i) => i + 1));
    expect([entries[0]!.name, entries[99]!.name, entries[100]!.name]).toEqual([
      'Filter001',
      'Filter100',
      'bright',
    ]);
    expect(await choose('1', '100')).toEqual(['Filter001', 'Filter100']);
    expect(await choose('2-4', 'bright')).toEqual(['Filter002', 'Filter003', 'Filter004', 'bright']);
  });

  it('has those of the folder first, in the order of their names, and theirs go before the built-in ones', async () => {
    await own(
      'young.ts',
      "import type { FunctionFilter } from '@apf/alerts';\nexport default { derived: ['age'], passes: (_a, { age }) => age < 1 } satisfies FunctionFilter<unknown, 'age'>;",
    );
    await own('bright.mjs', "export default 'mag < 10';");
    await own(
      'Stateful.ts',
      "export default class { fields = ['candid']; #count = 0; passes() { return this.#count++ < 2; } }",
    );
    await own('young.test.ts', 'throw new Error("a test is no filter");');
    await own('notes.txt', 'no filter');
    const { entries } = await open();
    expect(entries.slice(0, 4).map(({ name, from }) => [name, from])).toEqual([
      ['Stateful', 'own'],
      ['bright', 'own'],
      ['young', 'own'],
      ['fink_quality', 'built-in'],
    ]);
    expect(entries.filter(({ name }) => name === 'bright')).toHaveLength(1);
    expect((await (await open()).all()).map(({ name }) => name)).toEqual(['Stateful', 'bright', 'young']);
    expect(await choose(join(folder, 'young.ts'))).toEqual(['young']);
  });

  it('takes what a filter may import wherever it lies', async () => {
    await own(
      'typed.ts',
      "import { isMissing } from '@apf/alerts';\nexport default { fields: ['candid'], passes: (a: { candid: bigint }) => !isMissing(a.candid, 'candid') };",
    );
    expect(await choose('typed')).toEqual(['typed']);
  });

  it('takes a package’s exports by their names (3.6)', async () => {
    const place = join(folder, 'node_modules', 'my-filters');
    await mkdir(place, { recursive: true });
    await writeFile(
      join(place, 'package.json'),
      '{"name":"my-filters","version":"1.0.0","type":"module","main":"index.js"}',
    );
    await writeFile(
      join(place, 'index.js'),
      "export const rising = 'mag < 18';\nexport const helper = (x) => x + 1;\nexport class Often { fields = ['candid']; passes() { return true; } }",
    );
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { entries } = await FilterCatalogue.open('my-filters');
      expect(entries.slice(0, 2).map(({ name }) => name)).toEqual(['Often', 'rising']);
      await expect(FilterCatalogue.open('no-such-package')).rejects.toThrow(
        'no package of that name could be loaded',
      );
    } finally {
      process.chdir(before);
    }
  });

  it('makes filters of expressions and of a cone', async () => {
    const [named, equal] = await (
      await open()
    ).choose(['m31=cone(10.68, 41.27, 3600) and snr > 8', 'same=band == "r"']);
    expect(named).toMatchObject({
      name: 'm31',
      definition: { expression: 'cone(10.68, 41.27, 3600) and snr > 8' },
    });
    expect(equal).toMatchObject({ name: 'same', definition: { expression: 'band == "r"' } });
    expect(await choose('cone(150.1, -2.2, 3600)')).toEqual(['cone']);
  });

  it.each([
    [['0'], 'there is no filter 0'],
    [['111'], 'there is no filter 111: they are numbered from 1 to 110'],
    [['5-2'], 'ends before it begins'],
    [['brigth'], "did you mean 'bright'?"],
    [['snr > 5'], 'give an expression one: NAME=EXPRESSION'],
    [['x=snr >'], 'wrong at column 6'],
    [['x='], 'it is empty'],
    [['bright', 'bright'], "two filters are named 'bright'"],
    [['cone(400, 0, 1)'], 'takes degrees from 0 to 360'],
    [['cone(1, 1, x)'], 'takes degrees from 0 to 360'],
    [['../../etc/passwd'], 'cannot name a filter'],
    [['../up.ts'], 'cannot name a filter'],
    [['a/b'], 'cannot name a filter'],
    [['__proto__'], 'cannot name a filter'],
    [['constructor'], "there is no filter 'constructor'"],
    [['\u001b[31m'], 'cannot name a filter'],
  ])('refuses %j', async (wanted, why) => {
    const message = await wrong(...wanted);
    expect(message).toContain(why);
    expect(JSON.stringify(message)).not.toMatch(/[^\\]\\(n|u001b)/);
  });

  it.each([
    ['no default', 'export const x = 1;', 'its default export is no filter'],
    ['a mistake', 'export default {', 'cannot be loaded'],
    ['a throw', 'throw new Error("no\\nmodel");', 'no'],
  ])('names the file that cannot be loaded: %s', async (_, text, why) => {
    await own('odd.ts', text);
    const message = await wrong('odd');
    expect(message).toContain(join(folder, 'odd.ts'));
    expect(message).toContain(why);
  });

  it('refuses a file whose name is no filter’s', async () => {
    await own('a b.ts', "export default 'mag < 1'");
    await expect((await open()).all()).rejects.toThrow("'a b' cannot name a filter");
  });
});

describe('hostile filters', () => {
  /** An exponential refusal would not come before the test's own limit. */
  const refusal = (act: Promise<unknown>): Promise<string> =>
    act.then(
      () => 'taken',
      (error: unknown) => (error instanceof UsageError ? error.message : `unexpected: ${String(error)}`),
    );
  const named = async (text: string): Promise<unknown> =>
    (await FilterCatalogue.open(undefined)).choose([text]);

  it.each([
    ['10 MB', `x=${'snr > 5 and '.repeat(900_000)}snr > 5`, 'characters'],
    ['10 MB without a space', `x=${'a'.repeat(10_000_000)}`, 'characters'],
    ['10 MB of a name', 'a'.repeat(10_000_000), 'cannot name a filter'],
    ['10 MB of spaces', ' '.repeat(10_000_000), 'filter'],
    ['100,000 brackets', `x=${'('.repeat(100_000)}snr > 5${')'.repeat(100_000)}`, 'nested'],
    ['100,000 nots', `x=${'not '.repeat(50_000)}true`, 'nested'],
    ['a cone of 10 MB', `cone(${'1'.repeat(10_000_000)},1,1)`, 'filter'],
    ['code', 'x=process.exit(1)', "'(' is not expected here"],
    ['a constructor', 'x=constructor.constructor("return process")().exit() == 1', 'not expected'],
    ['a prototype', 'x=__proto__() == 1', 'there is no function'],
    ['a text of regular expression', 'x=matches(objectId, "(a+)+$")', 'there is no function'],
  ])('%s are refused in bounded time, and nothing is executed', async (_, text, why) => {
    const message = await refusal(named(text));
    expect(message).toContain(why);
    expect(message.length).toBeLessThan(1_000);
  });

  it('prototype names are paths of data, with nothing at their end', async () => {
    const [filter] = (await named('x=__proto__.polluted == 1 or constructor.name == "Object"')) as [
      { definition: { expression: string } },
    ];
    expect(filter.definition.expression).toContain('__proto__');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('the topics of filters', () => {
  it('are their names, with a prefix or in a pattern', () => {
    expect(outputTopics(['a', 'b'], {}, ['in'])).toEqual(['a', 'b']);
    expect(outputTopics(['a'], { prefix: 'x.' }, [])).toEqual(['x.a']);
    expect(outputTopics(['rrlyr'], { pattern: 'fink_{filter}_ztf' }, [])).toEqual(['fink_rrlyr_ztf']);
  });

  it.each([
    [{ prefix: '../' }, '../a'],
    [{ prefix: 'a/b' }, 'a/ba'],
    [{ pattern: '{filter}\n' }, 'a\\n'],
    [{ pattern: '\u001b{filter}' }, '\\u001ba'],
    [{ pattern: '{filter}\u0000' }, 'a\\u0000'],
    [{ prefix: 'x'.repeat(249) }, 'xxa'],
    [{ prefix: 'x'.repeat(10_000_000) }, 'xx'],
    [{ pattern: '$&{filter}' }, '$&a'],
  ])('are refused with separators, control characters and overlength: %#', (naming, shown) => {
    let message = '';
    try {
      outputTopics(['a'], naming, []);
    } catch (error) {
      message = (error as UsageError).message;
    }
    expect(message).toContain(`${shown}`);
    expect(message).toContain('not a legal topic name');
    expect(message).toBe(printable(message, 1_000));
    expect(message.length).toBeLessThan(600);
  });

  it.each([[{ pattern: 'same' }], [{ pattern: '{filter}{filter}' }], [{ pattern: '{filter}', prefix: 'a' }]])(
    'need the name once: %j',
    (naming) => {
      expect(() => outputTopics(['a'], naming, [])).toThrow(UsageError);
    },
  );

  it('are none that is read, by name or by expression', () => {
    expect(() => outputTopics(['a'], {}, ['a'])).toThrow("filter 'a' would write to 'a', which is read");
    expect(() => outputTopics(['ztf_a'], {}, ['^ztf_.*'])).toThrow('which is read');
    expect(() => outputTopics([`${'a'.repeat(60)}_`], {}, ['^(a+)+$'])).toThrow('takes too long');
  });
});
