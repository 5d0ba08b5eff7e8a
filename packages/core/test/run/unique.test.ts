import { type AlertContext, type DeadLetter, PoisonError, Runner, type RunStats, Step } from '@apf/core';
import {
  FakeClock,
  MemoryDatabase,
  MemorySink,
  MemorySource,
  MemoryTables,
  memoryCodec,
} from '@apf/core/testing';

interface Alert {
  readonly candid: number | bigint | string | undefined;
  readonly bad?: boolean;
}

async function run(
  alerts: readonly Alert[],
  tables = new MemoryTables(),
): Promise<{ executed: unknown[]; stats: RunStats; dead: number }> {
  const executed: unknown[] = [];
  class Note extends Step<Alert> {
    execute({ candid, bad }: Alert, context: AlertContext): void {
      if (bad) throw new PoisonError('bad');
      executed.push(candid);
      context.db.upsert('alert', { candid });
    }
  }
  const deadLetters = new MemorySink<DeadLetter>();
  const { stats } = await new Runner<Alert, never>({
    step: new Note(),
    source: new MemorySource(alerts),
    codec: memoryCodec(),
    database: new MemoryDatabase({ tables, uniqueKey: 'candid' }),
    deadLetters,
    name: 'note',
    messages: 50,
    clock: new FakeClock(),
  }).run();
  return { executed, stats, dead: deadLetters.values.length };
}

describe('UNIQUE', () => {
  it('drops a copy while the first is still on its way', async () => {
    const { executed, stats } = await run([{ candid: 1 }, { candid: 2 }, { candid: 1n }, { candid: '2' }]);
    expect(executed).toEqual([1, 2]);
    expect(stats).toMatchObject({ repeated: 2, executed: 2, committed: 4 });
  });

  it('drops what a run before has done, and not what it could not do', async () => {
    const tables = new MemoryTables();
    const first = await run([{ candid: 1 }, { candid: 2, bad: true }], tables);
    expect(first.dead).toBe(1);
    const second = await run([{ candid: 1 }, { candid: 2 }], tables);
    expect(second.executed).toEqual([2]);
  });

  it('lets alerts pass that have no such field', async () => {
    const { executed } = await run([{ candid: undefined }, { candid: undefined }]);
    expect(executed).toEqual([undefined, undefined]);
  });
});
