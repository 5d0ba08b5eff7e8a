import {
  BatchStep,
  type DeadLetter,
  END,
  type ExtraMetric,
  RetryableError,
  Runner,
  silent,
  toJson,
  UsageError,
} from '@apf/core';
import { FakeClock, MemorySink, MemorySource, memoryCodec } from '@apf/core/testing';
import { metricFormat } from '../../src/metrics/metric-formats.js';
import { MetricsDocuments } from '../../src/metrics/metrics-documents.js';
import { LogBook } from '../kafka/kafka-fixture.js';

class Sn extends BatchStep<object> {
  readonly unit = 'mag';
  execute(): void {
    // Nothing: only what is told of it counts.
  }
  withUnit(value: unknown): string {
    if (value === 'never') throw new Error('this one cannot be formatted');
    return `${String(value)} ${this.unit}`;
  }
}

interface Sent {
  readonly documents: Record<string, unknown>[];
  readonly source: MemorySource;
  readonly log: LogBook;
  readonly run: () => Promise<void>;
}

function sending(alerts: readonly unknown[], metrics: readonly (string | ExtraMetric)[], messages = 2): Sent {
  const documents: Record<string, unknown>[] = [];
  const step = new Sn();
  const log = new LogBook();
  const source = new MemorySource(alerts);
  const clock = new FakeClock(Date.parse('2026-03-15T04:00:00Z'));
  const observer = new MetricsDocuments({
    source: 'sn',
    survey: 'ztf',
    metrics: metrics
      .map((item) => (typeof item === 'string' ? { key: item } : item))
      .map((item) => ({ ...item, format: metricFormat(item, Sn.prototype, () => step) })),
    sender: {
      open: async () => undefined,
      send: (document) => void documents.push(document as Record<string, unknown>),
      close: async () => undefined,
    },
    clock,
    logger: log,
  });
  const runner = new Runner<object, never>({
    step,
    source,
    codec: memoryCodec<object>(),
    deadLetters: new MemorySink<DeadLetter>(),
    name: 'sn',
    clock,
    logger: silent,
    messages,
    observer,
  });
  return { documents, source, log, run: async () => void (await runner.run()) };
}

describe("APF's metrics documents", () => {
  it('say of each batch when it came, when it was done, and the fields of its alerts, with exact ids', async () => {
    const { documents, run } = sending(
      [{ candid: 2n ** 60n + 1n }, { candid: 3n }, { candid: 4n }],
      ['candid', { key: 'candid', alias: 'id', format: 'text' }],
    );
    await run();
    expect(documents).toHaveLength(2);
    expect(documents[0]).toEqual({
      timestamp_received: '2026-03-15T04:00:00.000Z',
      timestamp_sent: '2026-03-15T04:00:00.000Z',
      execution_time: expect.any(Number),
      n_messages: 2,
      source: 'sn',
      survey: 'ztf',
      candid: [2n ** 60n + 1n, 3n],
      id: ['1152921504606846977', '3'],
    });
    expect(toJson(documents[0])).toContain('"candid":[1152921504606846977,3]');
    expect(documents[1]).toMatchObject({ n_messages: 1, candid: [4n] });
  });

  it('take fields of fields, constants, formats that are methods of the step, and lists as values of their own', async () => {
    const alerts = [
      { candidate: { fid: 1 }, 'a.b': 5, fids: [1, 2], cutout: Buffer.alloc(9), magpsf: 17.5 },
      { candidate: null, fids: [3], cutout: { stampData: 1 }, magpsf: 'never' },
    ];
    const metrics = [
      'candidate.fid',
      'a.b',
      'fids',
      'cutout',
      { key: 'fids', alias: 'n', format: 'length' },
      { key: 'magpsf', format: 'withUnit' },
      { key: 'tid', value: 'ZTF' },
    ];
    const { documents, log, run } = sending(alerts, metrics);
    await run();
    expect(documents[0]).toMatchObject({
      'candidate.fid': [1, null],
      'a.b': [5, null],
      fids: [1, 2, 3],
      cutout: ['9 bytes', '[object]'],
      n: [2, 1],
      magpsf: ['17.5 mag', null],
      tid: ['ZTF', 'ZTF'],
    });
    expect(log.lines.map(({ message }) => message)).toEqual([
      "metrics: the format of 'magpsf' failed: this one cannot be formatted",
    ]);
  });

  it('stay small whatever the batch is', async () => {
    const alerts = Array.from({ length: 1_500 }, (_, i) => ({ candid: i, note: 'x'.repeat(5_000) }));
    const { documents, run } = sending(alerts, ['candid', 'note'], 1_500);
    await run();
    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject({ n_messages: 1_500, truncated: true });
    expect(documents[0]!.candid).toHaveLength(1_000);
    expect((documents[0]!.note as string[])[0]).toHaveLength(1_000);
  });

  it('are sent only once their batch is committed', async () => {
    const { documents, source, run } = sending(
      [{ candid: 1 }, { candid: 2 }, { candid: 3 }, END],
      ['candid'],
    );
    const commit = source.commit.bind(source);
    const before: number[] = [];
    let failed = false;
    source.commit = async (next) => {
      before.push(documents.length);
      if (failed) return commit(next);
      failed = true;
      throw new RetryableError('the broker is away');
    };
    await run();
    expect(before).toEqual([0, 0]);
    expect(documents.map(({ candid }) => candid)).toEqual([[1, 2], [3]]);
  });

  it('refuse a format that is no name of any', () => {
    const refused = (format: string): unknown => {
      try {
        return metricFormat({ key: 'candid', format }, Sn.prototype, () => new Sn());
      } catch (error) {
        return error;
      }
    };
    expect(refused('withunit')).toBeInstanceOf(UsageError);
    expect((refused('withunit') as Error).message).toBe(
      "settings: METRICS_CONFIG.EXTRA_METRICS: 'withunit', the format of 'candid', is neither a method of the step nor one of text, number, length; did you mean 'withUnit'?",
    );
    expect((refused('constructor') as Error).message).toContain('neither a method');
  });
});
