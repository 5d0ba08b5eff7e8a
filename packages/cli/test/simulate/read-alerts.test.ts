import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerWriter, parseSchema, writeContainer } from '@apf/core';
import { Spool } from '@apf/connectors';
import { AlertSet } from '../../src/simulate/alert-set.js';
import { BadFiles } from '../../src/simulate/bad-files.js';
import { MessageMaker, type SentFraming } from '../../src/simulate/message-maker.js';
import { AlertReader, type ReadOptions } from '../../src/simulate/read-alerts.js';
import { ELASTICC, elasticcAlert } from './elasticc-alerts.js';

const alerts = [3, 1, 2].map((day) => elasticcAlert(BigInt(day), 60_000 + day));
const data = alerts.map((alert) => ELASTICC.encode(alert));

describe('reading alerts for a simulation', () => {
  let folder: string;
  let set: AlertSet;
  let notes: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-read-alerts-'));
    set = new AlertSet(new Spool({ folder }));
    notes = [];
  });
  afterEach(async () => {
    await set.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, bytes: Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const read = async (
    path: string,
    {
      framing = 'schemaless',
      limit,
      ...options
    }: Partial<ReadOptions> & { framing?: SentFraming; limit?: number } = {},
  ): Promise<Buffer[]> => {
    const display = {
      result: () => undefined,
      note: (line: string) => void notes.push(line.replaceAll(folder, '')),
      progress: () => undefined,
      close: () => undefined,
    };
    const bad = new BadFiles(display, undefined, false);
    const reader = new AlertReader({ ordered: true, maker: new MessageMaker(framing), bad, ...options });
    const before = set.length;
    for await (const container of reader.containers(path, () => set.cut(before))) {
      await reader.read(container, set, limit);
    }
    set.sort();
    return set.outgoing(0, set.length).map(({ value }) => Buffer.from(value));
  };

  it('takes all alerts of a file, in any of its blocks, and orders them by their time', async () => {
    const sorted = [data[1], data[2], data[0]];
    expect(await read(file('a.avro', writeContainer(ELASTICC, alerts)))).toEqual(sorted);
    const writer = new ContainerWriter(ELASTICC, { codec: 'deflate' });
    const blocks = data.map((datum) => writer.block([datum]));
    await set.clear();
    expect(await read(file('b.avro', Buffer.concat([writer.write([]), ...blocks])))).toEqual(sorted);
    expect(notes).toEqual([]);
  });

  it('puts the alerts of a file in groups by their exposure and detector, only where that is asked for (S5)', async () => {
    const fields = ['visit', 'detector'].map((name) => ({ name, type: 'long' }));
    const type = { type: 'record', name: 'diaSource', fields };
    const schema = parseSchema({ type: 'record', name: 'alert', fields: [{ name: 'diaSource', type }] });
    const places = [3, 1, 3, 2, 1].map((detector) => ({
      diaSource: { visit: 7n, detector: BigInt(detector) },
    }));
    const path = file('visit.avro', writeContainer(schema, places));
    const sent = (): number[] =>
      set
        .outgoing(0, set.length)
        .map(({ value }) => places.findIndex((alert) => schema.encode(alert).equals(value)));
    await read(path, { ordered: false, grouped: true });
    expect(set.group()).toEqual([2, 2, 1]);
    expect(sent()).toEqual([0, 0, 1, 1, 3]);
    await set.clear();
    await read(path, { ordered: false });
    expect(set.group()).toEqual([5]);
  });

  it('orders alerts of the same time by their id, and else as they came', async () => {
    const same = [5n, 2n ** 60n + 1n, 2n ** 60n, 5n].map((id) => elasticcAlert(id, 60_000));
    const sent = await read(file('a.avro', writeContainer(ELASTICC, same)));
    expect(sent).toEqual([same[0], same[3], same[2], same[1]].map((alert) => ELASTICC.encode(alert)));
  });

  it('reads a large file block by block, as it does a small one', async () => {
    const large = Array.from({ length: 40 }, (_, i) => ({
      ...elasticcAlert(BigInt(i), 60_000 - i),
      cutoutDifference: Buffer.alloc(1_000_000, i),
    }));
    const writer = new ContainerWriter(ELASTICC);
    const blocks = large.map((alert) => writer.block([ELASTICC.encode(alert)]));
    const path = file('a.avro', Buffer.concat([writer.write([]), ...blocks]));
    const sent = await read(path);
    expect(sent).toHaveLength(40);
    expect(sent[0]!.equals(ELASTICC.encode(large[39]))).toBe(true);
    await set.clear();
    // Of a file that breaks none: what was taken before is given back.
    writeFileSync(path, Buffer.concat([writer.write([]), ...blocks]).subarray(0, -1));
    expect(await read(path)).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^apf: bad: '\/a\.avro': .*/)]);
  });

  it('stops after a number of alerts', async () => {
    expect(await read(file('a.avro', writeContainer(ELASTICC, alerts)), { limit: 2 })).toHaveLength(2);
    await set.clear();
    // A file with more alerts than one is not sent whole for its first.
    const whole = writeContainer(ELASTICC, alerts);
    const [first] = await read(file('b.avro', whole), { limit: 1, framing: 'container' });
    expect(first!.length).toBeLessThan(whole.length);
  });

  it('takes no alert of a file that is broken, nor of an archive', async () => {
    expect(await read(file('a.avro', writeContainer(ELASTICC, alerts).subarray(0, -17)))).toEqual([]);
    mkdirSync(join(folder, 'night'));
    for (const [i, alert] of alerts.entries()) file(`night/${i}.avro`, writeContainer(ELASTICC, [alert]));
    execFileSync('tar', ['cf', 'night.tar', 'night'], { cwd: folder });
    expect(await read(join(folder, 'night.tar'))).toHaveLength(3);
    await set.clear();
    execFileSync('truncate', ['-s', '4096', 'night.tar'], { cwd: folder });
    expect(await read(join(folder, 'night.tar'))).toEqual([]);
    expect(notes).toHaveLength(2);
    expect(notes[1]).toMatch(/^apf: bad: '\/night\.tar' cannot be read: /);
  });

  it('says of alerts without a time what to do, and takes another field or none', async () => {
    const path = file(
      'a.avro',
      writeContainer(ELASTICC, [
        { ...alerts[0], diaSource: { ...alerts[0]!.diaSource, midPointTai: NaN } },
        alerts[1],
      ]),
    );
    expect(await read(path)).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/an alert has no time at candidate\.jd, .*--time-field, .*--order file$/),
    ]);
    expect(await read(path, { ordered: false })).toHaveLength(2);
    await set.clear();
    const [first] = await read(path, { timeField: 'diaSource.diaSourceId' });
    expect(first).toEqual(data[1]);
  });

  it('keeps control characters of names off the terminal', async () => {
    await read(file('\u001b[2J.avro', Buffer.from('x')));
    expect(notes[0]).not.toContain('\u001b');
  });
});
