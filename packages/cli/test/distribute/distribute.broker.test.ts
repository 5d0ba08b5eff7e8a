import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@apf/connectors';
import { type DatabaseSettings, loadSchema, type RawMessage } from '@apf/core';
import { onRealKafka, uniqueName } from '../../../connectors/test/cluster/test-cluster.js';
import { testSource } from '../../../connectors/test/kafka/kafka-fixture.js';
import { Reader } from '../../../connectors/test/kafka/reader.js';
import { apfHere, type Ran } from '../in-process.js';
import { alertOf, idsOf, insertAlerts, makeAlertTable } from './alert-table.js';

/** What Fink's page on streaming out promises of the distribution itself: items 3.4 and 3.6 of its checklist. */
onRealKafka('admin', 'apf distribute', (kafka) => {
  const newTopic = async (): Promise<string> => {
    const name = uniqueName('distributed');
    await kafka.createTopic(name, { partitions: 2 });
    return name;
  };
  let folder: string;
  let config: DatabaseSettings;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'apf-distribute-'));
    config = { ENGINE: 'sqlite', FILE_PATH: join(folder, 'alerts.sqlite') };
    await makeAlertTable(config);
    await insertAlerts(config, 0, 30);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = (name: string): string => join(folder, name);
  /** Distributes what is there now. */
  const distribute = (...args: string[]): Promise<Ran> => {
    const checkpoint = args.includes('--checkpoint') ? [] : ['--checkpoint', path('checkpoint')];
    const places = [...checkpoint, '--schema-out', path('schema.avsc')];
    const to = ['--servers', kafka.bootstrapServers, '--dead-letters', path('dead-letters'), '--until-eos'];
    return apfHere(['distribute', ...places, ...to, ...args]);
  };
  const table = (): string[] => ['--database', config.FILE_PATH!];
  const messages = async (topic: string): Promise<readonly RawMessage[]> => {
    const { source } = testSource(kafka.bootstrapServers, topic, { stopAtEnd: true });
    const reader = await new Reader(source).start();
    await reader.end();
    await reader.close();
    return reader.messages;
  };
  type Sent = { readonly candid: bigint } & Readonly<Record<string, unknown>>;
  const read = async (topic: string): Promise<Sent[]> => {
    const decoder = loadSchema(path('schema.avsc')).decoder<Sent>();
    return (await messages(topic)).map(({ value }) => decoder.decode(value!));
  };
  const ids = async (topic: string): Promise<string[]> =>
    (await read(topic)).map(({ candid }) => String(candid)).sort();

  it('sends all new rows once, bytes as they are but for the class, and says by which schema (3.4)', async () => {
    const topic = await newTopic();
    expect(await distribute(...table(), '--topic', topic)).toMatchObject({ code: 0 });
    expect(await ids(topic)).toEqual(idsOf(0, 30));
    // Once more, and with new rows: only these come.
    await distribute(...table(), '--topic', topic);
    await insertAlerts(config, 30, 36);
    const last = await distribute(...table(), '--topic', topic);
    expect(last.stderr).toContain(`6 alerts read, 6 distributed (${topic} 6)`);
    expect(await ids(topic)).toEqual(idsOf(0, 36));
    const sent = (await read(topic)).find(({ candid }) => candid === alertOf(0).alert.candid);
    expect(sent).toEqual({ ...alertOf(0).alert, cdsxmatch: alertOf(0).type, status: null });
    expect((await messages(topic)).map(({ key }) => String(key))).toContain(alertOf(0).alert.objectId);
    // From the beginning, if that is wanted.
    await distribute(...table(), '--topic', topic, '--since', 'beginning');
    expect(await ids(topic)).toHaveLength(72);
  });

  it("sends the alerts of a filter to the topic of its name, by Fink's rules, and marks the rows (3.6)", async () => {
    const topic = await newTopic();
    const rules = path('rules.xml');
    writeFileSync(
      rules,
      `<distribution-rules>
        <select><column name="objectId"/><column name="candid"/><column name="candidate"/><column name="cdsxmatch"/></select>
        <drop><column name="candidate" subcol="rb"/></drop>
        <filter><column name="cdsxmatch" operator="=" value="'RRLyr'"/></filter>
      </distribution-rules>`,
    );
    const options = ['--filter', 'rr=cdsxmatch == "RRLyr"', '--topic-pattern', `{filter}-${topic}`];
    const more = ['--rules', rules, '--mark', 'status=distributed', '--checkpoint', 'table:fink', '--json'];
    const ran = await distribute(...table(), ...options, ...more);
    const expected = idsOf(0, 30, 'RRLyr');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      event: 'end',
      read: 30,
      passed: expected.length,
      deadLetters: 0,
    });
    expect(ran.stderr).toContain(`new filter/topic registered: rr-${topic} from rr`);
    expect(await ids(`rr-${topic}`)).toEqual(expected);
    const [first] = await read(`rr-${topic}`);
    expect(Object.keys(first!)).toEqual(['objectId', 'candid', 'candidate', 'cdsxmatch']);
    expect(first!.candidate).toHaveProperty('magpsf');
    expect(first!.candidate).not.toHaveProperty('rb');
    const database = await openDatabase(config);
    const marked: { candid: bigint }[] = await database.kysely
      .selectFrom('alert')
      .select('candid')
      .where('status', '=', 'distributed')
      .execute();
    await database.close();
    expect(marked.map(({ candid }) => String(candid)).sort()).toEqual(expected);
  });

  it('says of an unknown field which filter has it, and sends nothing (3.6)', async () => {
    const topic = await newTopic();
    const ran = await distribute(
      ...table(),
      '--filter',
      'odd=candidate.magpfs < 20',
      '--topic-prefix',
      `${topic}-`,
    );
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(/filter 'odd'.*candidate\.magpfs.*did you mean 'candidate\.magpsf'/);
    expect(existsSync(path('checkpoint'))).toBe(false);
  });

  it('takes each option but once, unless it is a list', async () => {
    const ran = await distribute(...table(), '--topic', 'x', '--mark', 'a=b', '--mark', 'c=d');
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--mark is given twice') as string,
    });
  });

  it('only says what it would do in a dry run', async () => {
    const topic = uniqueName('never-made');
    const ran = await distribute(...table(), '--topic', topic, '--select', 'candid', '--dry-run');
    expect(ran.stderr).toContain(`30 alerts read, 30 would be distributed (${topic} 30)`);
    expect(JSON.parse(ran.stdout)).toMatchObject({ type: 'record', fields: [{ name: 'candid' }] });
    expect(readdirSync(folder).filter((name) => !name.startsWith('alerts.sqlite'))).toEqual([]);
  });

  it('says the fields of the schema in a dry run that names no file for it', async () => {
    const topic = uniqueName('never-made');
    const to = ['--topic', topic, '--servers', kafka.bootstrapServers, '--dry-run'];
    const ran = await apfHere(['distribute', ...table(), ...to]);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toMatch(
      /by the schema \S+ \([0-9a-f]{8,}\) with .*objectId, candid.*; --json shows it/,
    );
  });

  it('reads a stream once for each topic that it is written to, and never without what a catalogue adds', async () => {
    const [stream, plain, matched] = [await newTopic(), await newTopic(), await newTopic()];
    await distribute(...table(), '--topic', stream);
    const input = ['--from-topics', stream, '--schema', path('schema.avsc'), '--until-eos'];
    const to = ['--servers', kafka.bootstrapServers, '--dead-letters', path('dead-letters')];
    const all = (...args: string[]): Promise<Ran> => apfHere([...args, ...input, ...to]);
    const first = ['distribute', '--topic', plain, '--schema-out', path('plain.avsc')];
    const ran = await all(...first);
    expect(ran.stderr).toContain(
      `reading ${stream} as group 'apf-distribute-${plain}', from where it has read to; a new group begins at the oldest alert`,
    );
    expect(ran.stderr).toContain(`30 alerts read, 30 distributed (${plain} 30)`);
    const again = await all(...first);
    expect(again.stderr).toContain(
      `group 'apf-distribute-${plain}' has read all that is there of ${stream}: --group NAME`,
    );
    const { candidate } = alertOf(3).alert;
    writeFileSync(path('catalogue.csv'), `ra,dec,kind\n${candidate.ra},${candidate.dec},Mira\n`);
    const match = ['crossmatch', path('catalogue.csv'), '--match-field', 'simbad=kind', '--topic', matched];
    expect(await all(...match, '--schema-out', path('plain.avsc'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/plain\.avsc is there already and has no field 'simbad'/) as string,
    });
    const good = await all(...match, '--schema-out', path('matched.avsc'));
    expect(good.stderr).toContain(`30 alerts read, 30 distributed (${matched} 30)`);
  });

  it('adds what a catalogue knows, for filters and readers, from topic to topic too', async () => {
    const [matched, again] = [await newTopic(), await newTopic()];
    const { candidate } = alertOf(3).alert;
    writeFileSync(path('catalogue.csv'), `ra,dec,kind\n${candidate.ra},${candidate.dec + 0.5 / 3600},Mira\n`);
    const match = [
      '--match',
      path('catalogue.csv'),
      '--match-field',
      'simbad=kind',
      '--match-none',
      'Unknown',
    ];
    await distribute(...table(), '--topic', matched, ...match, '--match-separation', 'separation');
    const sent = (await read(matched)).find(({ candid }) => candid === alertOf(3).alert.candid);
    expect(sent).toMatchObject({
      simbad: 'Mira',
      separation: expect.closeTo(0.5, 4) as number,
      cdsxmatch: alertOf(3).type,
    });
    expect((await read(matched)).filter(({ simbad }) => simbad === 'Unknown').length).toBeGreaterThan(20);
    const ran = await apfHere([
      ...['crossmatch', path('catalogue.csv'), '--match-field', 'second=kind', '--until-eos'],
      ...['--from-topics', matched, '--schema', path('schema.avsc'), '--group', uniqueName('group')],
      ...['--topic', again, '--servers', kafka.bootstrapServers, '--schema-out', path('again.avsc')],
      ...['--dead-letters', path('dead-letters')],
    ]);
    expect(ran).toMatchObject({ code: 0 });
    const decoder = loadSchema(path('again.avsc')).decoder<Sent>();
    const twice = (await messages(again)).map(({ value }) => decoder.decode(value!));
    expect(twice).toHaveLength(30);
    expect(twice.find(({ candid }) => candid === alertOf(3).alert.candid)).toMatchObject({
      simbad: 'Mira',
      second: 'Mira',
    });
  });

  it('goes on behind an alert that cannot be decoded, which is a dead letter', async () => {
    const database = await openDatabase(config);
    await database.kysely
      .updateTable('alert')
      .set({ payload: Buffer.from('no alert') })
      .where('candid', '=', alertOf(4).alert.candid)
      .execute();
    await database.close();
    const topic = await newTopic();
    const ran = await distribute(...table(), '--topic', topic);
    expect(ran.stderr).toContain('1 could not be distributed, see the dead letters');
    expect(await ids(topic)).toEqual(idsOf(0, 30).filter((id) => id !== String(alertOf(4).alert.candid)));
    expect(readdirSync(path('dead-letters')).length).toBeGreaterThan(0);
    expect(readFileSync(path('checkpoint'), 'utf8')).toContain('"count": 30');
  });
});
