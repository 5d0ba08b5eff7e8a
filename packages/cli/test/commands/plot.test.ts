import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticZtf, type ZtfAlert, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { FatalError, parseSchema, UsageError, writeContainer } from '@apf/core';
import { command } from '../../src/commands/plot.js';
import { runCommand, type Ran } from './run-command.js';

const schema = parseSchema(ZTF_ALERT_SCHEMA);
const NIGHT = { seed: 3, objects: 12, now: new Date('2024-02-01T20:00:00Z') };

describe('apf plot', () => {
  let folder: string;
  let alerts: ZtfAlert[];
  const plot = (...args: string[]): Promise<Ran> => runCommand('plot <alert>', command, ...args);
  const at = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-plot-'));
    alerts = [...syntheticZtf(NIGHT)].map(({ alert }) => alert);
    mkdirSync(at('night'));
    for (const alert of alerts)
      writeFileSync(at(`night/${alert.candid}.avro`), writeContainer(schema, [alert]));
    writeFileSync(at('night/damaged.avro'), 'no alert');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows a file in the terminal, without colours where it is none', async () => {
    const ran = await plot(at(`night/${alerts[0]!.candid}.avro`));
    expect(ran.error).toBeUndefined();
    const [head, facts] = ran.stdout.split('\n');
    expect(head).toBe(alerts[0]!.objectId);
    expect(facts).toContain(`ZTF ${alerts[0]!.candid} ·`);
    expect(ran.stdout).toMatch(/^Science +Template +Difference/m);
    expect(ran.stdout).toContain('Days to this alert');
    expect(ran.stdout).not.toContain('\u001b');
  });

  it('writes a picture as SVG, as a page and as PNG, and replaces none unasked', async () => {
    const file = at(`night/${alerts[0]!.candid}.avro`);
    for (const [name, start] of [
      ['a.svg', '<svg'],
      ['a.html', '<!doctype html>'],
      ['a.png', '\u0089PNG'],
    ] as const) {
      const ran = await plot(file, '--out', at(name));
      expect(ran).toMatchObject({ error: undefined, stdout: '', stderr: `apf: ${at(name)} is written\n` });
      expect(readFileSync(at(name), 'latin1').startsWith(start)).toBe(true);
      const again = await plot(file, '--out', at(name));
      expect(again.error).toBeInstanceOf(UsageError);
      expect(again.error!.message).toContain('--overwrite replaces it');
      expect((await plot(file, '--out', at(name), '--overwrite')).error).toBeUndefined();
    }
    // Twice the size of the SVG.
    expect(readFileSync(at('a.png')).readUInt32BE(16)).toBe(1720);
  });

  it('finds the last alert of an object, or the one of an id, in a folder', async () => {
    const twice = alerts.find(({ objectId }, i) =>
      alerts.slice(i + 1).some((other) => other.objectId === objectId),
    )!;
    const last = alerts.filter(({ objectId }) => objectId === twice.objectId).at(-1)!;
    const byObject = await plot(twice.objectId, '--in', at('night'));
    expect(byObject.stdout).toContain(`ZTF ${last.candid} ·`);
    expect(byObject.stderr).toMatch(/^apf: 1 message could not be read, and was not looked at: .+\n$/);
    const byId = await plot(String(twice.candid), '--in', at('night'));
    expect(byId.stdout).toContain(`ZTF ${twice.candid} ·`);
    expect(byId.stdout.startsWith(twice.objectId)).toBe(true);
  });

  it('7: a file that is not there is said to be absent, and a folder that is not there cannot be written to', async () => {
    const absent = await plot('nofile.avro');
    expect(absent.error).toBeInstanceOf(UsageError);
    expect(absent.error!.message).toBe("there is no file 'nofile.avro': check the path");
    const nowhere = await plot(at(`night/${alerts[0]!.candid}.avro`), '--out', at('no/x.svg'));
    expect(nowhere.error).toBeInstanceOf(UsageError);
    expect(nowhere.error!.message).toBe(
      `'${at('no/x.svg')}' cannot be written: no such file or folder (ENOENT); check the path`,
    );
  });

  it('says what is wrong in a line', async () => {
    const failures: [string[], new (...args: never[]) => Error, string][] = [
      [['a', '--out', 'x.gif'], UsageError, '.svg, .png, .html'],
      [['a', '--in', at('night'), '--topic', 't'], UsageError, 'one place'],
      [['ZTF00none', '--in', at('night')], FatalError, "no alert or object of that id in the files of '"],
      [[at('night/damaged.avro')], Error, 'cannot be read'],
    ];
    writeFileSync(at('other.json'), '{"probabilities": {"SN": 1}}');
    failures.push([[at('other.json')], UsageError, 'no alert of ZTF, LSST or ELAsTiCC']);
    for (const [args, kind, message] of failures) {
      const { error } = await plot(...args);
      expect(error).toBeInstanceOf(kind);
      if (!args.includes(at('night/damaged.avro'))) expect(error!.message).toContain(message);
    }
    expect(existsSync('x.gif')).toBe(false);
  });
});
