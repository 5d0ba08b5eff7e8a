import { type Codec, PoisonError, Runner, Step, systemClock } from '@apf/core';
import { memoryCodec, MemorySink, MemorySource } from '@apf/core/testing';
import { MeteredSource } from '../../src/consume/metered-source.js';

const GARBAGE = 'garbage';

describe('a metered source with a limit', () => {
  /** What is put out of a topic that is read until so many alerts are, and the offset that is committed. */
  const read = async (
    items: readonly unknown[],
    limit: number,
    skips?: (offset: number) => boolean,
  ): Promise<{ out: unknown[]; committed: number | undefined }> => {
    let count = 0;
    class Counted extends Step<unknown, unknown> {
      override execute(alert: unknown): unknown {
        count++;
        return alert;
      }
    }
    const memory = memoryCodec<unknown>();
    const codec: Codec = {
      ...memory,
      decode: (bytes, message) => {
        const alerts = memory.decode(bytes, message);
        if (alerts[0] === GARBAGE) throw new PoisonError('no alert');
        return alerts;
      },
    };
    const topic = new MemorySource(items);
    const source = new MeteredSource({
      source: topic,
      clock: systemClock,
      remaining: () => limit - count,
      timeout: undefined,
      onIdle: () => undefined,
      skips: skips && (({ offset }) => skips(offset)),
    });
    const left = skips ?? ((): boolean => false);
    // As SavingSource does.
    const poll = source.poll.bind(source);
    source.poll = async (max, signal) => {
      const polled = await poll(max, signal);
      return typeof polled === 'symbol' ? polled : polled.filter(({ offset }) => !left(offset));
    };
    const producer = new MemorySink();
    await new Runner({
      step: new Counted(),
      source,
      codec,
      producer,
      deadLetters: new MemorySink(),
      name: 'apf consume',
      observer: { executed: ({ messages }) => source.executed(messages) },
      messages: 500,
      timeout: 1,
    }).run();
    return { out: producer.values, committed: topic.committed.get('memory-0') };
  };

  it('puts out so many alerts, and commits nothing beyond them', async () => {
    expect(await read([10, 11, 12, 13, 14], 3)).toEqual({ out: [10, 11, 12], committed: 3 });
  });

  it('goes on past messages that cannot be decoded, the first ones included', async () => {
    const topic = [GARBAGE, GARBAGE, 12, 13, GARBAGE, 15, 16];
    expect(await read(topic, 1)).toEqual({ out: [12], committed: 3 });
    expect(await read(topic, 3)).toEqual({ out: [12, 13, 15], committed: 6 });
    expect(await read([GARBAGE, null, 12, 13], 1)).toEqual({ out: [12], committed: 3 });
  });

  it('ends with the topic where nothing at all can be decoded', async () => {
    expect(await read(Array(5).fill(GARBAGE), 2)).toEqual({ out: [], committed: 5 });
  });

  it('does not wait for messages that are left out unseen', async () => {
    expect(await read([10, 11, 12, 13, 14, 15], 2, (offset) => offset < 3)).toMatchObject({ out: [13, 14] });
  });
});
