import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  END,
  type Position,
  type RawMessage,
  Runner,
  type Source,
  Step,
  type StreamAlert,
  StreamCodec,
} from '@apf/core';
import { FakeClock } from '@apf/core/testing';
import { jsonFormat, RangeFileSink, savedRanges, SavingSource } from '../../src/saved/index.js';

class Pass extends Step<StreamAlert, StreamAlert> {
  override execute(alert: StreamAlert): StreamAlert {
    return alert;
  }
}

/** Offsets of one partition, from `start` on, and what was committed of them. */
class Numbers implements Source {
  readonly commits: number[] = [];
  onCommit: (offset: number) => void = () => undefined;
  private next: number;
  constructor(
    start: number,
    private readonly end: number,
  ) {
    this.next = start;
  }
  async open(): Promise<void> {}
  async poll(max: number): Promise<readonly RawMessage[] | typeof END> {
    if (this.next >= this.end) return END;
    const messages: RawMessage[] = [];
    while (messages.length < max && this.next < this.end) {
      const value = Buffer.from(`{"n":${this.next}}`);
      messages.push({ topic: 't', partition: 0, offset: this.next++, value });
    }
    return messages;
  }
  pause(): void {}
  resume(): void {}
  async commit([position]: readonly Position[]): Promise<void> {
    this.commits.push(position!.offset);
    this.onCommit(position!.offset);
  }
  async close(): Promise<void> {}
}

const none = async (): Promise<void> => undefined;

describe('RangeFileSink with SavingSource', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-ranges-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const save = async (source: Numbers, bytes = 1e9): Promise<void> => {
    const sink = new RangeFileSink({
      folder,
      format: jsonFormat('null'),
      rotate: { bytes, seconds: 60 },
      clock: new FakeClock(),
    });
    await new Runner({
      step: new Pass(),
      source: new SavingSource(source, sink),
      codec: new StreamCodec(),
      producer: sink,
      deadLetters: { open: none, write: none, flush: none, close: none },
      name: 'test',
      messages: 100,
    }).run();
  };
  const numbers = async (): Promise<number[]> => {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    return texts.flatMap((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { n: number }).n),
    );
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it('names files by their offsets, and commits as far as whole files go', async () => {
    const source = new Numbers(0, 5000);
    const early: number[] = [];
    source.onCommit = (offset) => {
      const lasts = readdirSync(folder).map((name) => Number(/-(\d+)\.jsonl$/.exec(name)?.[1] ?? -1));
      if (offset > Math.max(...lasts) + 1) early.push(offset);
    };
    await save(source, 10_000);
    expect(await numbers()).toEqual(upTo(5000));
    expect(source.commits.length).toBeGreaterThan(2);
    expect(early).toEqual([]);
    expect(source.commits.at(-1)).toBe(5000);
  });

  it('gives nothing that another process saved before it got the partition', async () => {
    const sink = new RangeFileSink({
      folder,
      format: jsonFormat('null'),
      rotate: { bytes: 1e9, seconds: 60 },
    });
    const source = new SavingSource(new Numbers(0, 300), sink);
    await sink.open();
    await source.open({ revoked: none, lost: () => undefined });
    // The other one, which has not come to commit it.
    await save(new Numbers(0, 200));
    const polled = await source.poll(300, new AbortController().signal);
    expect(polled === END ? [] : polled.map(({ offset }) => offset)).toEqual(upTo(300).slice(200));
    await source.close();
  });

  it('saves nothing unfinished of a partition that it has lost', async () => {
    let lose: () => void = () => undefined;
    class Losing extends Numbers {
      override async open(events?: Parameters<Source['open']>[0]): Promise<void> {
        lose = () => events!.lost([{ topic: 't', partition: 0 }]);
      }
    }
    const sink = new RangeFileSink({
      folder,
      format: jsonFormat('null'),
      rotate: { bytes: 1e9, seconds: 60 },
    });
    const source = new SavingSource(new Losing(0, 300), sink);
    await sink.open();
    await source.open({ revoked: none, lost: () => undefined });
    await sink.write([
      {
        value: { value: { n: 0 }, schema: undefined },
        origin: { topic: 't', partition: 0, offset: 0, value: null },
      },
    ]);
    lose();
    await source.close();
    await sink.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives nothing again that is in a whole file, and throws away what is not', async () => {
    await save(new Numbers(0, 300));
    // Left by a process that was killed; no process has such a number.
    await writeFile(join(folder, 't-0-000000000300-000000000300.part.99999999'), '{"n":300}\n{"n":3');
    await save(new Numbers(0, 500));
    expect(await numbers()).toEqual(upTo(500));
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
    expect((await savedRanges(folder, 'jsonl')).map(({ first, last }) => [first, last])).toEqual([
      [0, 299],
      [300, 499],
    ]);
  });
});
