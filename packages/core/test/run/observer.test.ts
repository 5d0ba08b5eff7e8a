import {
  BatchStep,
  type DeadLetter,
  END,
  type ExecutedBatch,
  PoisonError,
  type RawMessage,
  RetryableError,
  Runner,
  type RunObserver,
  type RunnerOptions,
  Step,
} from '@apf/core';
import { MemorySink, MemorySource, memoryCodec } from '@apf/core/testing';

class Notes implements RunObserver {
  readonly calls: string[] = [];
  readonly batches: ExecutedBatch[] = [];
  readonly letters: DeadLetter[] = [];
  constructor(private readonly source: MemorySource) {}
  opened = (): void => void this.calls.push('opened');
  stopping = (): void => void this.calls.push('stopping');
  decoded = (_message: RawMessage, alerts: readonly unknown[]): void =>
    void this.calls.push(`decoded ${alerts.join()}`);
  executed = (batch: ExecutedBatch): void => {
    this.batches.push(batch);
    this.calls.push(`executed ${offsets(batch.messages)}`);
  };
  took = (phase: string, seconds: number): void =>
    void this.calls.push(`${phase} ${seconds >= 0 ? 'took some time' : `took ${seconds}`}`);
  buried = (letters: readonly DeadLetter[]): void => void this.letters.push(...letters);
  committed = (batches: readonly (readonly RawMessage[])[]): void =>
    void this.calls.push(
      `committed ${batches.map(offsets).join('; ')}, at ${this.source.committed.get('memory-0') ?? 'none'}`,
    );
}

const offsets = (messages: readonly RawMessage[]): string => messages.map(({ offset }) => offset).join();

class Echo extends Step<number, number> {
  execute(value: number): number {
    if (value === 3) throw new PoisonError('three');
    return value;
  }
}
class BatchEcho extends BatchStep<number, number> {
  async execute(values: readonly number[]): Promise<readonly number[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return values;
  }
}

function observed<In, Out>(
  step: Step<In, Out> | BatchStep<In, Out>,
  items: readonly unknown[],
  more: Partial<RunnerOptions<In, Out>> = {},
): { notes: Notes; runner: Runner<In, Out>; source: MemorySource } {
  const source = new MemorySource(items);
  const notes = new Notes(source);
  const runner = new Runner<In, Out>({
    step,
    source,
    codec: memoryCodec<In>(),
    producer: new MemorySink(),
    deadLetters: new MemorySink<DeadLetter>(),
    name: 'test',
    messages: 2,
    observer: notes,
    ...more,
  });
  return { notes, runner, source };
}

describe('an observer', () => {
  it('hears of each batch: decoded, executed, written, and told that it is committed only when it is', async () => {
    const { notes, runner } = observed(new BatchEcho(), [1, 2]);
    await runner.run();
    expect(notes.calls).toEqual([
      'opened',
      'decoded 1',
      'decoded 2',
      'executed 0,1',
      'write took some time',
      'commit took some time',
      'committed 0,1, at 2',
    ]);
    const [batch] = notes.batches;
    expect(batch!.decode).toBeGreaterThanOrEqual(0);
    expect(batch!.execute).toBeGreaterThan(0);
  });

  it('hears of the batches of a step that sees none, and of each dead letter with its code', async () => {
    const { notes, runner } = observed(new Echo(), [1, 2, 3, 4]);
    await runner.run();
    expect(notes.calls.filter((call) => call.startsWith('executed'))).toEqual([
      'executed 0,1',
      'executed 2,3',
    ]);
    expect(notes.letters.map(({ code, message }) => [code, message.offset])).toEqual([['APF_POISON', 2]]);
    const told = notes.calls.filter((call) => call.startsWith('committed')).join();
    for (const messages of ['0,1', '2,3']) expect(told).toContain(messages);
  });

  it('is told of a batch whose commit failed with the commit that covers it', async () => {
    const { notes, runner, source } = observed(new BatchEcho(), [1, 2, 3, 4, END]);
    const commit = source.commit.bind(source);
    let failed = false;
    source.commit = async (next) => {
      if (failed) return commit(next);
      failed = true;
      throw new RetryableError('not now');
    };
    await runner.run();
    expect(notes.calls.filter((call) => call.startsWith('committed'))).toEqual(['committed 0,1; 2,3, at 4']);
  });

  it('is told of batches where nothing is ever committed, and that the run stops', async () => {
    const stop = new AbortController();
    class Stopping extends Step<number, number> {
      execute(value: number): void {
        if (value === 2) stop.abort();
      }
    }
    const { notes, runner } = observed(new Stopping(), [1, 2], { commit: false });
    await runner.run(stop.signal);
    expect(notes.calls.filter((call) => /^(committed|stopping)/.test(call))).toEqual([
      'stopping',
      'committed 0,1, at none',
    ]);
  });
});
