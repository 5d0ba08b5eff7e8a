import { defineDocumented } from '../../src/compat/documented.js';
import { DocumentedMistake, parseDocumented } from '../../src/compat/parse-documented.js';

const HELP = 'usage: printer [-h] [-outdir DIR] [-n N] [--save] broker interval\n\nPrints.';
const run = async (): Promise<void> => undefined;
const printer = defineDocumented({
  help: HELP,
  positionals: { broker: { kind: 'text' }, interval: { kind: 'integer' } },
  options: {
    outdir: { names: ['-outdir'], kind: 'text' },
    count: { names: ['-n', '--n_of'], kind: 'integer' },
    save: { names: ['--save'], kind: 'flag' },
    access: { names: ['--access'], kind: 'rest' },
  },
  run,
});
const parse = (...argv: string[]): unknown => parseDocumented('printer', printer, argv);

const mistake = (...argv: string[]): unknown => {
  try {
    parse(...argv);
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentedMistake);
    return (error as DocumentedMistake).answer;
  }
  return 'none';
};

describe("a documented command's line", () => {
  it('gives positionals and options, with one dash or two', () => {
    const absent = { outdir: undefined, count: undefined, save: false, access: undefined };
    expect(parse('kafka:9092', '1')).toEqual({ ...absent, broker: 'kafka:9092', interval: 1 });
    expect(parse('-outdir', 'd', 'kafka:9092', '-save', '2', '-n', '-3')).toEqual({
      ...{ broker: 'kafka:9092', interval: 2, outdir: 'd', count: -3, save: true, access: undefined },
    });
    expect(parse('--outdir=a=b', 'k', '-1', '--n-of', '4')).toMatchObject({
      outdir: 'a=b',
      interval: -1,
      count: 4,
    });
    expect(parse('--', '-k', '1')).toMatchObject({ broker: '-k', interval: 1 });
  });

  it('leaves all that follows an option with a grammar of its own', () => {
    expect(parse('k', '1', '--access', '-a', '-u', 'x', '-h')).toMatchObject({
      access: ['-a', '-u', 'x', '-h'],
    });
  });

  it('asks for help with -h and --help, whatever else there is', () => {
    expect(parse('-h')).toBeUndefined();
    expect(parse('k', '--help')).toBeUndefined();
  });

  it.each([
    [['k'], 'the following arguments are required: interval'],
    [[], 'the following arguments are required: broker, interval'],
    [['k', 'x'], "argument interval: invalid int value: 'x'"],
    [['k', '1.5'], "argument interval: invalid int value: '1.5'"],
    [['k', '1', 'z'], 'unrecognized arguments: z'],
    [['k', '1', '-z'], 'unrecognized arguments: -z'],
    [['k', '1', '-outdir'], 'argument -outdir: expected one argument'],
    [['k', '1', '-outdir', '--save'], 'argument -outdir: expected one argument'],
  ])('answers %j as argparse does', (argv, problem) => {
    const usage = HELP.split('\n')[0];
    expect(mistake(...argv)).toEqual({ text: `${usage}\nprinter: error: ${problem}`, exitCode: 2 });
  });

  it('answers as the documents say where they say it', () => {
    const own = {
      ...printer,
      mistake: (kind: string, what: string) => ({ text: `${kind} ${what}`, exitCode: 4 }),
    };
    expect(() => parseDocumented('printer', own, ['-z'])).toThrow('unknown-option -z');
  });

  it('takes a list of positionals', () => {
    const filters = defineDocumented({
      help: HELP,
      positionals: { topic: { kind: 'text', optional: true }, range: { kind: 'list', optional: true } },
      options: {},
      run,
    });
    expect(parseDocumented('f', filters, ['t', '1', '20'])).toEqual({ topic: 't', range: ['1', '20'] });
    expect(parseDocumented('f', filters, [])).toEqual({ topic: undefined, range: undefined });
  });
});
