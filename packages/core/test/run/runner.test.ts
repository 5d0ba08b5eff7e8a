import {
  BatchStep,
  type DeadLetter,
  END,
  FatalError,
  PoisonError,
  type Position,
  RetryableError,
  Runner,
  type RunnerOptions,
  Step,
  silent,
} from '@apf/core';
import {
  FakeClock,
  MemorySink,
  MemorySource,
  PAUSE,
  memoryCodec,
  message,
  settle,
  testStep,
} from '@apf/core/testing';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function run<In, Out>(
  step: Step<In, Out> | BatchStep<In, Out>,
  source: MemorySource,
  more: Partial<RunnerOptions<In, Out>> = {},
): { runner: Runner<In, Out>; producer: MemorySink; deadLetters: MemorySink<DeadLetter> } {
  const producer = new MemorySink();
  const deadLetters = new MemorySink<DeadLetter>();
  const options = { step, source, codec: memoryCodec<In>(), producer, deadLetters, name: 'test', ...more };
  return { runner: new Runner<In, Out>(options), producer, deadLetters };
}

class Echo extends Step<number, number> {
  execute(value: number): number {
    return value;
  }
}

/** Sees batches, so that they wait to be full. */
class BatchEcho extends BatchStep<number, number> {
  execute(values: readonly number[]): readonly number[] {
    return values;
  }
}

class Failing extends Step<number, number> {
  readonly seen: [number, number][] = [];
  constructor(private readonly error: (value: number, attempt: number) => Error | undefined) {
    super();
  }
  execute(value: number, context: { attempt: number }): number {
    this.seen.push([value, context.attempt]);
    const error = this.error(value, context.attempt);
    if (error) throw error;
    return value;
  }
}

describe('a run', () => {
  it('passes every alert through, in order, and commits the next offset', async () => {
    const source = new MemorySource(numbers(2500));
    const { runner, producer } = run(new Echo(), source, { messages: 7 });
    const { reason, stats } = await runner.run();
    expect(reason).toBe('end');
    expect(producer.values).toEqual(numbers(2500));
    expect(source.committed.get('memory-0')).toBe(2500);
    expect(stats).toMatchObject({
      read: 2500,
      decoded: 2500,
      executed: 2500,
      produced: 2500,
      committed: 2500,
      deadLetters: 0,
    });
  });

  it('calls the hooks in the order of APF, postProduce after the commit, tearDown once', async () => {
    const calls: string[] = [];
    const source = new MemorySource(numbers(2));
    class Hooked extends Step<number, string> {
      preConsume = (): void => void calls.push('preConsume');
      preExecute = (alerts: readonly number[]): readonly number[] => (
        calls.push(`preExecute ${alerts.join()}`),
        alerts
      );
      execute(alert: number): string {
        calls.push(`execute ${alert}`);
        return `r${alert}`;
      }
      postExecute = (results: readonly string[]): readonly string[] => (
        calls.push(`postExecute ${results.join()}`),
        results
      );
      preProduce = (results: readonly string[]): readonly string[] => (
        calls.push(`preProduce ${results.join()}`),
        results
      );
      postProduce = (): void => void calls.push(`postProduce, committed ${source.committed.get('memory-0')}`);
      tearDown = (): void => void calls.push('tearDown');
    }
    await run(new Hooked(), source, { messages: 2 }).runner.run();
    expect(calls).toEqual([
      'preConsume',
      'preExecute 0,1',
      'execute 0',
      'execute 1',
      'postExecute r0,r1',
      'preProduce r0,r1',
      'postProduce, committed 2',
      'tearDown',
    ]);
  });

  it('commits what preExecute filters out, what gives no result, and tombstones', async () => {
    class Odd extends Step<number, number> {
      preExecute = (alerts: readonly number[]): readonly number[] => alerts.filter((n) => n % 2 === 1);
      execute(n: number): number | undefined {
        return n > 4 ? n : undefined;
      }
    }
    const items = [...numbers(8), message(null, { offset: 8 })];
    const source = new MemorySource(items);
    const { runner, producer } = run(new Odd(), source, { messages: 9 });
    const { stats } = await runner.run();
    expect(producer.values).toEqual([5, 7]);
    expect(stats.tombstones).toBe(1);
    expect(source.committed.get('memory-0')).toBe(9);
  });

  it('hands tombstones to execute when asked', async () => {
    const seen: unknown[] = [];
    class See extends Step<unknown> {
      execute(alert: unknown): void {
        seen.push(alert);
      }
    }
    await run(new See(), new MemorySource([message(null)]), { tombstones: true }).runner.run();
    expect(seen).toEqual([null]);
  });

  it('never commits when COMMIT is false', async () => {
    const source = new MemorySource(numbers(3));
    const { runner } = run(new Echo(), source, { commit: false });
    await runner.run();
    expect(source.committed.size).toBe(0);
  });

  it('makes several results of one, in the order of the alerts, also with CONCURRENCY', async () => {
    class Slow extends Step<number, number> {
      async execute(n: number): Promise<number[]> {
        for (let turn = 0; turn < (n % 3) * 4; turn++) await Promise.resolve();
        return [n, n];
      }
    }
    const { runner, producer } = run(new Slow(), new MemorySource(numbers(20)), {
      messages: 10,
      concurrency: 4,
    });
    await runner.run();
    expect(producer.values).toEqual(numbers(20).flatMap((n) => [n, n]));
  });

  it('gives results the key of the step, or of the named field, and their origin', async () => {
    class Keyed extends Step<number, { oid: bigint }> {
      execute(n: number): { oid: bigint } {
        return { oid: BigInt(n) + 2n ** 60n };
      }
    }
    const { runner, producer } = run(new Keyed(), new MemorySource([1]), { keyField: 'oid' });
    await runner.run();
    expect(producer.confirmed[0]).toMatchObject({ key: '1152921504606846977', origin: { offset: 0 } });
    class Own extends Keyed {
      key = (result: { oid: bigint }): string => `own ${result.oid % 10n}`;
    }
    const own = run(new Own(), new MemorySource([1]), { keyField: 'oid' });
    await own.runner.run();
    expect(own.producer.confirmed[0]?.key).toBe('own 7');
  });

  it('writes named side outputs, and discards those of a failed attempt', async () => {
    class Sides extends Step<number> {
      execute(n: number, context: { attempt: number; produce(name: string, value: unknown): void }): void {
        context.produce('side', `${n} at ${context.attempt}`);
        if (n === 1 && context.attempt === 1) throw new Error('once');
      }
    }
    const side = new MemorySink();
    await run(new Sides() as Step<number, never>, new MemorySource([0, 1]), {
      sideOutputs: { side },
    }).runner.run();
    expect(side.values).toEqual(['0 at 1', '1 at 2']);
  });

  it('refuses a side output that settings do not name', async () => {
    class Sides extends Step<number> {
      execute(_n: number, context: { produce(name: string, value: unknown): void }): void {
        context.produce('nowhere', 1);
      }
    }
    const { deadLetters } = await testStep(Sides as new () => Step<number, never>, [1], {
      sideOutputs: ['side'],
    });
    expect(deadLetters[0]?.error.message).toContain("no side output 'nowhere'; settings.ts names: side");
  });
});

describe('consume.timeout', () => {
  it('is counted from the first message of a batch: a quiet stream does not wait for a full one', async () => {
    const clock = new FakeClock();
    const source = new MemorySource([1, 2, PAUSE, 3, END]);
    const { runner, producer } = run(new BatchEcho(), source, { messages: 100, timeout: 5, clock });
    const running = runner.run();
    await clock.advance(4_999);
    expect(producer.values).toEqual([]);
    await clock.advance(1);
    expect(producer.values).toEqual([1, 2]);
    source.resumeAfterPause();
    await settle();
    await running;
    expect(producer.values).toEqual([1, 2, 3]);
  });
});

describe('a Step without hooks', () => {
  it('gets an alert as soon as it is there, whatever the batch', async () => {
    const source = new MemorySource([1, 2, PAUSE, 3, END]);
    const { runner, producer } = run(new Echo(), source, {
      messages: 100,
      timeout: 5,
      clock: new FakeClock(),
    });
    const running = runner.run();
    await settle();
    expect(producer.values).toEqual([1, 2]);
    source.resumeAfterPause();
    await running;
    expect(producer.values).toEqual([1, 2, 3]);
  });
});

describe('an error in execute', () => {
  it('is retried once, then dead-lettered, and the rest goes on in order', async () => {
    const step = new Failing((n) => (n === 1 ? new Error('bad alert') : undefined));
    const source = new MemorySource(numbers(4));
    const { runner, producer, deadLetters } = run(step, source, { messages: 4 });
    const { stats } = await runner.run();
    expect(step.seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    expect(producer.values).toEqual([0, 2, 3]);
    expect(deadLetters.values).toMatchObject([
      { code: 'APF_EXECUTE', stage: 'execute', message: { offset: 1 } },
    ]);
    expect(source.committed.get('memory-0')).toBe(4);
    expect(stats).toMatchObject({ deadLetters: 1, retries: 1, executed: 3 });
  });

  it('that is a PoisonError is dead-lettered without another attempt', async () => {
    const step = new Failing((n) => (n === 1 ? new PoisonError('never') : undefined));
    const { runner, deadLetters } = run(step, new MemorySource(numbers(3)));
    await runner.run();
    expect(step.seen).toHaveLength(3);
    expect(deadLetters.values[0]?.code).toBe('APF_POISON');
  });

  it('that is a RetryableError waits as long as it asks, else 1, 2, 4 s, and repeats nothing else', async () => {
    const clock = new FakeClock();
    const step = new Failing((n, attempt) =>
      n === 1 && attempt < 4 ? new RetryableError('busy', attempt === 1 ? 7 : undefined) : undefined,
    );
    const { runner, producer } = run(step, new MemorySource(numbers(3)), { messages: 3, clock });
    const running = runner.run();
    await clock.advance(6_999);
    expect(step.seen).toHaveLength(2);
    await clock.advance(1);
    expect(step.seen).toHaveLength(3);
    await clock.advance(2_000 + 4_000);
    await running;
    expect(step.seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 1],
    ]);
    expect(producer.values).toEqual([0, 1, 2]);
  });

  it('that is a FatalError stops the run, commits nothing of the batch, and tears down', async () => {
    let tornDown = 0;
    class Fatal extends Failing {
      tearDown = (): void => void tornDown++;
    }
    const step = new Fatal((n) => (n === 5 ? new FatalError('over') : undefined));
    const source = new MemorySource(numbers(10));
    const { runner, producer, deadLetters } = run(step, source, { messages: 2 });
    await expect(runner.run()).rejects.toThrow('over');
    expect(tornDown).toBe(1);
    expect(source.committed.get('memory-0') ?? 0).toBeLessThanOrEqual(4);
    expect(producer.values).toEqual([0, 1, 2, 3]);
    expect([producer.closed, deadLetters.closed]).toEqual([1, 1]);
    expect(source.events.at(-1)?.name).toBe('close');
  });

  it('stops the run where ON_ERROR says so', async () => {
    const step = new Failing((n) => (n === 1 ? new Error('bad alert') : undefined));
    const source = new MemorySource(numbers(3));
    const { runner, deadLetters } = run(step, source, { messages: 3, onError: 'stop' });
    await expect(runner.run()).rejects.toThrow("memory-0-1 and ON_ERROR is 'stop': bad alert");
    expect(deadLetters.values).toEqual([]);
    expect(source.committed.size).toBe(0);
  });

  it('20 times in a row means that the step is wrong: it stops and commits nothing of the batch', async () => {
    const step = new Failing((n) => (n >= 5 ? new TypeError('undefined is not a function') : undefined));
    const source = new MemorySource(numbers(100));
    const { runner, deadLetters } = run(step, source, { messages: 50 });
    await expect(runner.run()).rejects.toMatchObject({ code: 'APF_TOO_MANY_ERRORS' });
    expect(deadLetters.values).toEqual([]);
    expect(source.committed.size).toBe(0);
  });

  it('commits nothing of the bad alerts though each is a batch of its own, and a start after the other', async () => {
    const step = new Failing(() => new TypeError('typo'));
    const source = new MemorySource(numbers(100));
    const first = run(step, source, { messages: 1 });
    await expect(first.runner.run()).rejects.toMatchObject({ code: 'APF_TOO_MANY_ERRORS' });
    const again = source.restart();
    const second = run(step, again, { messages: 1 });
    await expect(second.runner.run()).rejects.toMatchObject({ code: 'APF_TOO_MANY_ERRORS' });
    expect([first.deadLetters.values, second.deadLetters.values]).toEqual([[], []]);
    expect(again.committed.size).toBe(0);
  });

  it('is held back until an alert succeeds, then dead-lettered; the good ones before do not wait', async () => {
    const step = new Failing((n) => (n === 2 || n === 3 ? new Error('bad') : undefined));
    const source = new MemorySource([0, 1, 2, PAUSE, 3, PAUSE, 4, END]);
    const { runner, producer, deadLetters } = run(step, source, { messages: 1 });
    const running = runner.run();
    await settle();
    expect([producer.values, deadLetters.values, source.committed.get('memory-0')]).toEqual([[0, 1], [], 2]);
    source.resumeAfterPause();
    await settle();
    expect(deadLetters.values).toEqual([]);
    source.resumeAfterPause();
    await running;
    expect(deadLetters.values.map((letter) => letter.message.offset)).toEqual([2, 4]);
  });

  it('that nothing followed when the run is told to stop is left for the next run', async () => {
    const stop = new AbortController();
    const step = new Failing((n) => (n === 2 ? new Error('bad') : undefined));
    const source = new MemorySource([0, 1, 2, PAUSE]);
    const warnings: string[] = [];
    const logger = { ...silent, warn: (_fields: object, message: string) => void warnings.push(message) };
    const { runner, deadLetters } = run(step, source, { messages: 1, logger });
    const running = runner.run(stop.signal);
    await settle();
    stop.abort();
    await running;
    expect(deadLetters.values).toEqual([]);
    expect(source.committed.get('memory-0')).toBe(2);
    expect(warnings).toEqual([
      '1 messages failed or follow one that did; no alert has succeeded since, so they are neither dead-lettered nor committed yet',
    ]);
  });

  it('in half of the last 200 alerts means the same', async () => {
    const step = new Failing((n) => (n % 2 === 1 ? new Error('odd') : undefined));
    const { runner } = run(step, new MemorySource(numbers(400)), { messages: 10 });
    await expect(runner.run()).rejects.toThrow('half of the last 200 alerts');
    expect(step.seen.length).toBeGreaterThan(250);
  });

  it('of an author who calls alerts poison never stops the run', async () => {
    const step = new Failing(() => new PoisonError('not mine'));
    const { runner, deadLetters } = run(step, new MemorySource(numbers(300)));
    await runner.run();
    expect(deadLetters.values).toHaveLength(300);
  });
});

describe('a BatchStep', () => {
  class Sum extends BatchStep<number, number> {
    readonly batches: number[][] = [];
    constructor(private readonly bad: (alerts: readonly number[]) => void) {
      super();
    }
    execute(alerts: readonly number[]): number[] {
      this.batches.push([...alerts]);
      this.bad(alerts);
      return alerts.map((n) => n * 10);
    }
  }

  it('gets whole batches, the last as it is', async () => {
    const step = new Sum(() => undefined);
    const { runner, producer } = run(step, new MemorySource(numbers(7)), { messages: 3 });
    await runner.run();
    expect(step.batches).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(producer.confirmed.map(({ value, origin }) => [value, origin.offset])).toEqual(
      numbers(7).map((n) => [n * 10, n]),
    );
  });

  it('that fails as a whole is retried once, then halved down to the bad alert; the good ones are executed again', async () => {
    const step = new Sum((alerts) => {
      if (alerts.includes(5)) throw new Error('five');
    });
    const source = new MemorySource(numbers(8));
    const { runner, producer, deadLetters } = run(step, source, { messages: 8 });
    await runner.run();
    expect(step.batches.slice(0, 3)).toEqual([numbers(8), numbers(8), [0, 1, 2, 3]]);
    expect(deadLetters.values.map((letter) => letter.message.offset)).toEqual([5]);
    expect(producer.values).toEqual([0, 10, 20, 30, 40, 60, 70]);
    expect(source.committed.get('memory-0')).toBe(8);
  });

  it('may mark alerts as failed: the rest has succeeded and is not executed again', async () => {
    const seen: number[][] = [];
    class Marking extends BatchStep<number, number> {
      execute(alerts: readonly number[], contexts: { fail(i: number, error: Error): void }): number[] {
        seen.push([...alerts]);
        const good: number[] = [];
        alerts.forEach((n, i) => {
          if (n === 1) contexts.fail(i, new PoisonError('one'));
          else if (n === 2) contexts.fail(i, new Error('two'));
          else good.push(n);
        });
        return good;
      }
    }
    const { runner, producer, deadLetters } = run(new Marking(), new MemorySource(numbers(4)), {
      messages: 4,
    });
    await runner.run();
    expect(seen).toEqual([[0, 1, 2, 3], [2]]);
    expect(producer.values).toEqual([0, 3]);
    expect(deadLetters.values.map((letter) => letter.message.offset)).toEqual([1, 2]);
  });
});

describe('a message that cannot be decoded', () => {
  const codec = {
    ...memoryCodec<number>(),
    decode: (_bytes: Buffer, raw?: { offset: number }): number[] => {
      const { offset } = raw as { offset: number };
      if (offset % 3 === 1) throw new PoisonError(`broken ${offset}`, { code: 'APF_TRUNCATED' });
      return [offset, offset];
    },
  };

  it('is a dead letter with its original bytes, and the others are through', async () => {
    const items = numbers(6).map((offset) =>
      message(Buffer.from(`bytes ${offset}`), { offset, key: Buffer.from('k') }),
    );
    const source = new MemorySource(items);
    const { runner, producer, deadLetters } = run<number, number>(new Echo(), source, { codec, messages: 4 });
    const { stats } = await runner.run();
    expect(producer.values).toEqual([0, 0, 2, 2, 3, 3, 5, 5]);
    expect(
      deadLetters.values.map(({ message: { value, key }, code, stage }) => [
        String(value),
        String(key),
        code,
        stage,
      ]),
    ).toEqual([
      ['bytes 1', 'k', 'APF_TRUNCATED', 'decode'],
      ['bytes 4', 'k', 'APF_TRUNCATED', 'decode'],
    ]);
    expect(stats).toMatchObject({ read: 6, decoded: 8, deadLetters: 2, committed: 6 });
  });

  it('20 times from the start, with nothing decoded, means a wrong framing and stops the run', async () => {
    const never = {
      ...codec,
      decode: (): number[] => {
        throw new PoisonError('no magic');
      },
    };
    const items = numbers(30).map((offset) => message(Buffer.from('x'), { offset }));
    const source = new MemorySource(items);
    const { runner, deadLetters } = run<number, number>(new Echo(), source, { codec: never, messages: 30 });
    await expect(runner.run()).rejects.toThrow('FRAMING or the schema must be wrong');
    expect(deadLetters.values).toEqual([]);
    expect(source.committed.size).toBe(0);
  });
});

describe('a sink', () => {
  it('that fails for a while is written again with the same outputs, and nothing is committed before', async () => {
    const clock = new FakeClock();
    const source = new MemorySource(numbers(3));
    const producer = new MemorySink();
    let failures = 2;
    producer.behave = (what) => {
      if (what === 'flush' && failures-- > 0) throw new RetryableError('broker away');
    };
    const { runner } = run(new Echo(), source, { messages: 3, clock, producer });
    const running = runner.run();
    await clock.advance(1_000);
    expect(source.committed.size).toBe(0);
    await clock.advance(2_000);
    await running;
    expect(producer.values).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(source.committed.get('memory-0')).toBe(3);
  });

  it('that fails for good stops the run without a commit', async () => {
    const source = new MemorySource(numbers(3));
    const producer = new MemorySink();
    producer.behave = () => {
      throw new Error('disk on fire');
    };
    const { runner } = run(new Echo(), source, { messages: 3, producer });
    await expect(runner.run()).rejects.toMatchObject({ code: 'APF_SINK' });
    expect(source.committed.size).toBe(0);
  });

  it('that refuses an output makes a dead letter of its message', async () => {
    const producer = new MemorySink();
    producer.behave = (what, batch) =>
      what === 'write'
        ? batch
            .filter(({ value }) => value === 1)
            .map((outgoing) => ({ outgoing, error: new PoisonError('too large', { code: 'APF_REFUSED' }) }))
        : [];
    const source = new MemorySource(numbers(3));
    const { runner, deadLetters } = run(new Echo(), source, { messages: 3, producer });
    const { stats } = await runner.run();
    expect(producer.values).toEqual([0, 2]);
    expect(deadLetters.values).toMatchObject([
      { stage: 'produce', code: 'APF_REFUSED', message: { offset: 1 } },
    ]);
    expect(stats).toMatchObject({ produced: 2, deadLetters: 1 });
    expect(source.committed.get('memory-0')).toBe(3);
  });

  it('that refuses 20 outputs in a row does not fit the step: the run stops', async () => {
    const producer = new MemorySink();
    producer.behave = (what, batch) =>
      what === 'write' ? batch.map((outgoing) => ({ outgoing, error: new PoisonError('not a float') })) : [];
    const source = new MemorySource(numbers(50));
    const { runner, deadLetters } = run(new Echo(), source, { messages: 50, producer });
    await expect(runner.run()).rejects.toMatchObject({ code: 'APF_TOO_MANY_ERRORS' });
    expect(deadLetters.values).toEqual([]);
    expect(source.committed.size).toBe(0);
  });

  it('for dead letters that cannot be written stops the run before the commit', async () => {
    const deadLetters = new MemorySink<DeadLetter>();
    deadLetters.behave = () => {
      throw new Error('no space left on device');
    };
    const source = new MemorySource(numbers(3));
    const step = new Failing((n) => (n === 2 ? new PoisonError('x') : undefined));
    const { runner } = run(step, source, { messages: 3, deadLetters });
    await expect(runner.run()).rejects.toMatchObject({ code: 'APF_DEAD_LETTER' });
    expect(source.committed.size).toBe(0);
  });

  it('that is slow does not hold up execute, and its batches share a flush', async () => {
    const producer = new MemorySink();
    let flushes = 0;
    producer.behave = async (what) => {
      if (what === 'flush') {
        flushes++;
        await settle();
      }
    };
    const { runner } = run(new Echo(), new MemorySource(numbers(500)), { messages: 1, producer });
    await runner.run();
    expect(producer.values).toEqual(numbers(500));
    expect(flushes).toBeLessThan(100);
  });
});

describe('a signal', () => {
  it('does not wait for a source that never opens', async () => {
    class Unreachable extends MemorySource {
      override open(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const stop = new AbortController();
    const running = run(new Echo(), new Unreachable([1])).runner.run(stop.signal);
    await settle();
    stop.abort();
    expect((await running).reason).toBe('stopped');
  });

  it.each([
    ['soon', 10, ['open', 'close', 'ended']],
    ['late', 5_000, ['ended', 'open', 'close']],
  ])('closes a source that it overtook when that is open, which is %s', async (_, ms, order) => {
    const clock = new FakeClock();
    const [calls, stop] = [[] as string[], new AbortController()];
    class Slow extends MemorySource {
      override async open(): Promise<void> {
        await clock.sleep(ms);
        calls.push('open');
      }
      override close(): Promise<void> {
        calls.push('close');
        return super.close();
      }
    }
    const running = run(new Echo(), new Slow([1]), { clock }).runner.run(stop.signal);
    const ended = running.then(() => calls.push('ended'));
    await settle();
    stop.abort();
    await clock.advance(60_000);
    await ended;
    expect(calls).toEqual(order);
  });

  it('opens nothing more', async () => {
    const stop = new AbortController();
    const producer = new MemorySink();
    producer.open = () => {
      stop.abort();
      return Promise.resolve();
    };
    const source = new MemorySource([1]);
    let opened = false;
    source.open = () => {
      opened = true;
      return Promise.resolve();
    };
    const { runner } = run(new Echo(), source, { producer });
    expect((await runner.run(stop.signal)).reason).toBe('stopped');
    await settle();
    expect(opened).toBe(false);
  });

  it('finishes the batch in hand, flushes, commits, tears down', async () => {
    const stop = new AbortController();
    const calls: string[] = [];
    class Stopping extends Step<number, number> {
      async execute(n: number): Promise<number> {
        if (n === 4) stop.abort();
        await settle();
        return n;
      }
      tearDown = (): void => void calls.push('tearDown');
    }
    const source = new MemorySource(numbers(100));
    const { runner, producer } = run(new Stopping(), source, { messages: 3 });
    const { reason } = await runner.run(stop.signal);
    expect(reason).toBe('stopped');
    expect(producer.values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(source.committed.get('memory-0')).toBe(6);
    expect(calls).toEqual(['tearDown']);
  });

  it('abandons a batch that waits for another attempt, uncommitted', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const step = new Failing((n) => (n === 2 ? new RetryableError('away', 3600) : undefined));
    const source = new MemorySource(numbers(4));
    const { runner } = run(step, source, { messages: 2, clock });
    const running = runner.run(stop.signal);
    await clock.advance(10_000);
    stop.abort();
    expect((await running).reason).toBe('stopped');
    expect(source.committed.get('memory-0')).toBe(2);
  });

  it('abandons a sink that waits for another attempt, uncommitted', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const producer = new MemorySink();
    producer.behave = () => {
      throw new RetryableError('away', 3600);
    };
    const source = new MemorySource(numbers(4));
    const running = run(new Echo(), source, { messages: 2, clock, producer }).runner.run(stop.signal);
    await clock.advance(10_000);
    stop.abort();
    await running;
    expect(source.committed.size).toBe(0);
  });

  it('leaves a batch that takes longer than SHUTDOWN_TIMEOUT', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    class Endless extends Step<number> {
      execute(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const source = new MemorySource(numbers(4));
    const running = run(new Endless() as Step<number, never>, source, {
      clock,
      shutdownTimeout: 25,
    }).runner.run(stop.signal);
    await clock.advance(1_000);
    stop.abort();
    await clock.advance(25_000);
    expect((await running).reason).toBe('shutdown-timeout');
    expect(source.committed.size).toBe(0);
  });

  it('cuts a long batch of a Step between two alerts, and commits those that are done', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    class Slow extends Step<number, number> {
      async execute(n: number): Promise<number> {
        await clock.sleep(5_000);
        return n;
      }
    }
    const source = new MemorySource(numbers(1000));
    const { runner, producer } = run(new Slow(), source, { messages: 1000, clock });
    const running = runner.run(stop.signal);
    await clock.advance(7_000);
    stop.abort();
    await clock.advance(25_000);
    expect((await running).reason).toBe('stopped');
    expect(source.committed.get('memory-0')).toBe(producer.values.length);
    expect(producer.values.length).toBeGreaterThan(3);
  });
});

describe('a slow execute', () => {
  it('pauses the source once and goes on polling, so that the group is kept', async () => {
    const clock = new FakeClock();
    class Slow extends Step<number, number> {
      async execute(n: number): Promise<number> {
        await clock.sleep(60_000);
        return n;
      }
    }
    const source = new MemorySource(numbers(4));
    source.maxPollInterval = 30_000;
    const { runner, producer } = run(new Slow(), source, { messages: 1, clock });
    const running = runner.run();
    for (let i = 0; i < 50 && producer.values.length < 4; i++) await clock.advance(5_000);
    await running;
    expect(producer.values).toEqual(numbers(4));
    const names = source.events
      .map(({ name }) => name)
      .filter((name) => name === 'pause' || name === 'resume');
    expect(names.length).toBeGreaterThanOrEqual(2);
    expect(names.length).toBeLessThanOrEqual(8);
  });

  it('does not pause a source whose batches are quick', async () => {
    const source = new MemorySource(numbers(1000));
    source.maxPollInterval = 30_000;
    await run(new Echo(), source, { messages: 10 }).runner.run();
    expect(source.events.filter(({ name }) => name === 'pause')).toEqual([]);
  });
});

describe('a rebalance', () => {
  const twoPartitions = (count: number): unknown[] =>
    numbers(count).map((n) => message(n, { partition: n % 2, offset: n >> 1 }));

  it('commits what was in hand of the revoked partitions before they go', async () => {
    const source = new MemorySource([...twoPartitions(6), PAUSE, END]);
    const { runner, producer } = run(new BatchEcho(), source, { messages: 100, timeout: 1000 });
    const running = runner.run();
    await settle();
    expect(producer.values).toEqual([]);
    await source.handlers?.revoked([{ topic: 'memory', partition: 0 }]);
    expect(source.committed.get('memory-0')).toBe(3);
    expect(producer.values).toEqual([0, 1, 2, 3, 4, 5]);
    source.resumeAfterPause();
    await running;
  });

  it('is not held up by a batch that waits for another attempt: its part of the revoked partition is given up', async () => {
    const clock = new FakeClock();
    let healthy = false;
    const step = new Failing(() => (healthy ? undefined : new RetryableError('away', 100)));
    const source = new MemorySource([...twoPartitions(4), END]);
    const { runner, producer } = run(step, source, { messages: 4, clock });
    const running = runner.run();
    await clock.advance(10);
    healthy = true;
    await source.handlers?.revoked([{ topic: 'memory', partition: 0 }]);
    await running;
    expect(producer.values).toEqual([1, 3]);
    expect(source.committed.get('memory-0')).toBeUndefined();
    expect(source.committed.get('memory-1')).toBe(2);
  });

  it('drops what is lost', async () => {
    const source = new MemorySource([...twoPartitions(6), PAUSE, END]);
    const { runner, producer } = run(new BatchEcho(), source, { messages: 100, timeout: 1000 });
    const running = runner.run();
    await settle();
    source.handlers?.lost([{ topic: 'memory', partition: 1 }]);
    source.resumeAfterPause();
    await running;
    expect(producer.values).toEqual([0, 2, 4]);
    expect([...source.committed]).toEqual([['memory-0', 3]]);
  });
});

describe('a commit that fails', () => {
  it('for a while is covered by the next one', async () => {
    class Flaky extends MemorySource {
      private failures = 1;
      override async commit(next: readonly Position[]): Promise<void> {
        if (this.failures-- > 0) throw new RetryableError('rebalance in progress');
        await super.commit(next);
      }
    }
    const source = new Flaky(numbers(2000), undefined, 50);
    const { runner } = run(new Echo(), source, { messages: 50 });
    await runner.run();
    expect(source.committed.get('memory-0')).toBe(2000);
  });
});
