import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/commands';
import { apf, start } from './apf';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

describe('the command line', () => {
  it.each([
    [[], 'apf: name a command (see apf --help)'],
    [['new-stp', 'x'], "apf: there is no command 'new-stp'; did you mean 'new-step'? (see apf --help)"],
    [['zzzzzzzzz'], "apf: there is no command 'zzzzzzzzz' (see apf --help)"],
    [['new-step'], 'apf: an argument is missing: apf new-step <name> (see apf new-step --help)'],
    [['new-step', 'x', '--sauce', 'kafka'], 'apf: Unknown argument: sauce (see apf new-step --help)'],
    [['new-step', '1st'], /^apf: '1st' cannot name a step: .*try step_1st \(see apf new-step --help\)$/],
    [
      ['new-step', 'x', '-source', 'pulsar'],
      /^apf: .*source.*"pulsar".*"kafka".*\(see apf new-step --help\)$/,
    ],
    [['run', '/nowhere'], /^apf: \/nowhere holds no step: .*apf new-step NAME/],
  ])('answers %j with one line and exit code 2', async (args, line) => {
    const { code, stdout, stderr } = await apf(args);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    if (typeof line === 'string') expect(stderr.trimEnd()).toBe(line);
    else expect(stderr.trimEnd()).toMatch(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('shows the stack with --debug only', async () => {
    expect((await apf(['new-step', '1st'])).stderr).not.toMatch(/ at /);
    expect((await apf(['new-step', '1st', '--debug'])).stderr).toMatch(/UsageError.*\n\s+at /);
  });

  it('lists every command in its help, grouped, without loading the Kafka client', async () => {
    const main = new URL('../dist/index.js', import.meta.url).href;
    const script = `
      process.on('exit', () => console.error(process.report.getReport().sharedObjects.join()));
      process.argv.splice(1, 1, 'apf', '--help');
      await import(${JSON.stringify(main)});`;
    const args = ['--input-type=module', '--eval', script, 'placeholder'];
    const { code, stdout, stderr } = await start(process.execPath, args, packageFolder).ended;
    expect(code).toBe(0);
    for (const { usage, group } of COMMANDS) {
      expect(stdout).toContain(`  apf ${usage} `);
      expect(stdout).toContain(`${group}:\n`);
    }
    expect(stdout.split('\n').length).toBeLessThan(50);
    expect(stderr).toContain('libc');
    expect(stderr).not.toMatch(/rdkafka/);
  });

  it.each(COMMANDS.map(({ usage }) => usage.split(' ')[0]!))('explains %s in its own help', async (name) => {
    const { code, stdout } = await apf([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^apf ${name}( .*)?: .+`));
  });

  it('prints its version', async () => {
    expect((await apf(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says what to do in a checkout that is not built', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apf-unbuilt-'));
    try {
      await cp(join(packageFolder, 'bin'), join(folder, 'bin'), { recursive: true });
      await cp(join(packageFolder, 'package.json'), join(folder, 'package.json'));
      const { code, stderr } = await start(process.execPath, [join(folder, 'bin', 'apf.js')], folder).ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'apf: this source checkout is not built; run npm ci in its root\n',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
