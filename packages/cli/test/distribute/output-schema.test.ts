import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AvroSchema,
  loadSchema,
  parseSchema,
  PoisonError,
  type StreamAlert,
  UsageError,
} from '@apf/core';
import { OutputSchema } from '../../src/distribute/output-schema.js';
import type { DistributionRules } from '../../src/distribute/rules.js';

const field = (name: string, type: unknown, more: object = {}): object => ({ name, type, ...more });
const record = (...fields: object[]): AvroSchema =>
  parseSchema({ type: 'record', name: 'ztf.alert', fields });
const maybe = ['null', 'double'];
const v3 = record(field('candid', 'long'), field('mag', 'double'), field('rb', maybe, { default: null }));
const v4 = record(field('candid', 'long'), field('drb', maybe, { default: null }), field('mag', 'double'));
const alert = { candid: 2n ** 60n + 1n, mag: 17.5, rb: 0.25 };
const of = (value: unknown, schema: AvroSchema | undefined): StreamAlert => ({
  value,
  schema,
  framing: 'schemaless',
});

describe('the schema of what is distributed', () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-output-schema-'));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const path = (): string => join(folder, 'schemas', 'distribution_schema');
  const output = (rules: DistributionRules = { drop: [] }, write = true): OutputSchema =>
    new OutputSchema({ path: path(), rules, write, say: (line) => void said.push(line) });

  it('is written to its file, and reads what is sent', async () => {
    const schema = output({ select: ['candid', 'mag', 'rb'], drop: ['mag'] });
    await schema.settle(v3);
    const read = loadSchema(path())
      .decoder()
      .decode(schema.encode(of(alert, v3), undefined));
    expect(read).toEqual({ candid: alert.candid, rb: 0.25 });
    expect(said).toEqual([`the schema of what is distributed was written to ${path()}`]);
  });

  it('leaves the bytes of an alert as they are where nothing changes', async () => {
    const schema = output();
    await schema.settle(v3);
    const written = { schema: v3, bytes: v3.encode(alert) };
    expect(schema.encode(of(alert, v3), written)).toBe(written.bytes);
    const again = output();
    await again.settle(v3);
    expect(again.encode(of(alert, v3), written)).toBe(written.bytes);
  });

  it('stays that of its file when alerts come with another, so that what was sent stays readable', async () => {
    await output().settle(v3);
    const before = readFileSync(path(), 'utf8');
    const schema = output();
    await schema.settle(v4);
    const bytes = schema.encode(of({ candid: 1n, drb: 0.5, mag: 18 }, v4), undefined);
    expect(loadSchema(path()).decoder().decode(bytes)).toEqual({ candid: 1n, mag: 18, rb: null });
    expect(readFileSync(path(), 'utf8')).toBe(before);
    expect(said.at(-1)).toMatch(/left out, since .* has them not: drb; not there, so null: rb$/);
  });

  it('refuses a file that other rules have made', async () => {
    await output().settle(v3);
    await expect(output({ drop: ['rb'] }).settle(v3)).rejects.toThrow(/was made by other rules/);
    await output().settle(v3);
  });

  it('refuses a file that lacks what a catalogue adds, unless the rules leave it out', async () => {
    output().check(['rb', 'class']);
    await output().settle(v3);
    output().check(['rb']);
    expect(() => output().check(['rb', 'class'])).toThrow(
      /^.*distribution_schema is there already and has no field 'class', .*--schema-out, or remove it/,
    );
    expect(() => output().check(['class'])).toThrow(UsageError);
    rmSync(path());
    await output({ select: ['mag'], drop: [] }).settle(v3);
    output({ select: ['mag'], drop: [] }).check(['class']);
  });

  it.each(['', '{', '"nothing"'])('refuses a file that is no schema: %j', async (text) => {
    await output().settle(v3);
    writeFileSync(path(), text);
    await expect(output().settle(v3)).rejects.toThrow(UsageError);
  });

  it('is not written where a distribution is only tried', async () => {
    const schema = output({ drop: [] }, false);
    await schema.settle(v3);
    expect(schema.schema).toBeDefined();
    expect(() => readFileSync(path())).toThrow(/ENOENT/);
  });

  it('sets aside what does not fit it, and what has none', async () => {
    const schema = output();
    await schema.settle(v3);
    expect(() => schema.encode(of({ candid: 1n }, v4), undefined)).toThrow(PoisonError);
    expect(() => schema.encode(of(alert, undefined), undefined)).toThrow(PoisonError);
  });
});
