import { type Codec, type DeadLetter, END, PoisonError, type Position, Runner, Step } from '@apf/core';
import { CRASH, FakeClock, MemorySink, MemorySource, Process, memoryCodec, message } from '@apf/core/testing';
import fc from 'fast-check';

/** The arrows of an alert's walk, in order: a process may die before or after each. */
const POINTS = [
  'poll',
  'decode',
  'execute',
  'producer write',
  'producer flush',
  'producer flushed',
  'side write',
  'side flush',
  'dead letter write',
  'dead letter flush',
  'commit',
  'committed',
  'postProduce',
] as const;
type Point = (typeof POINTS)[number];

interface Alert {
  readonly n: number;
  readonly bad: boolean;
}

/** What outlives every crash: the topic with its commits, and what the sinks had confirmed. */
class World {
  readonly produced: number[] = [];
  readonly sides: number[] = [];
  readonly dead: number[] = [];
  committed = new Map<string, number>();
  executed = 0;

  constructor(readonly alerts: readonly Alert[]) {}

  /** One process: lives until the `countdown`-th passing of `point`, or the end of the stream. */
  async live(point: Point | undefined, countdown: number, messages: number): Promise<'died' | 'ended'> {
    const life = new Process();
    let left = countdown;
    const pass = async (here: Point): Promise<void> => {
      if (here === point && left-- === 0) await life.crash();
    };
    // Where no promise can be awaited the process dies all the same: nothing it does afterwards has an effect.
    const passSync = (here: Point): void => void pass(here);
    const committed = this.committed;
    class Topic extends MemorySource {
      override async poll(max: number, signal: AbortSignal): ReturnType<MemorySource['poll']> {
        await pass('poll');
        return super.poll(max, signal);
      }
      override async commit(next: readonly Position[]): Promise<void> {
        await pass('commit');
        await super.commit(next);
        for (const { topic, partition, offset } of next) committed.set(`${topic}-${partition}`, offset);
        await pass('committed');
      }
    }
    const items = this.alerts.map((alert) =>
      message(alert, { partition: alert.n % 2, offset: alert.n >> 1 }),
    );
    const source = new Topic(items, life, 5);
    for (const [partition, offset] of committed) source.committed.set(partition, offset);
    const plain = memoryCodec<Alert>();
    const codec: Codec<Alert> = {
      encode: () => Buffer.alloc(0),
      decode: (bytes, raw) => {
        passSync('decode');
        const alerts = plain.decode(bytes, raw);
        if (alerts[0]?.bad && alerts[0].n % 2 === 0) throw new PoisonError('broken');
        return alerts;
      },
    };
    const count = (): void => void this.executed++;
    class Walk extends Step<Alert, number> {
      async execute(
        { n, bad }: Alert,
        context: { produce(name: string, value: unknown): void },
      ): Promise<number> {
        count();
        await pass('execute');
        if (bad) throw new PoisonError('bad');
        context.produce('side', n);
        return n;
      }
      postProduce = (): Promise<void> => pass('postProduce');
    }
    class Confirming<T> extends MemorySink<T> {
      constructor(
        private readonly confirm: (value: T) => void,
        private readonly name: 'producer' | 'side' | 'dead letter',
      ) {
        super(life, (what) => pass(`${name} ${what}`));
      }
      override async flush(): Promise<void> {
        const from = this.confirmed.length;
        await super.flush();
        for (const { value } of this.confirmed.slice(from)) this.confirm(value);
        if (this.name === 'producer') await pass('producer flushed');
      }
    }
    const runner = new Runner<Alert, number>({
      step: new Walk(),
      source,
      codec,
      producer: new Confirming((n) => this.produced.push(n as number), 'producer'),
      sideOutputs: { side: new Confirming((n) => this.sides.push(n as number), 'side') },
      deadLetters: new Confirming<DeadLetter>(
        ({ message: { partition, offset } }) => this.dead.push(offset * 2 + partition),
        'dead letter',
      ),
      name: 'walk',
      clock: new FakeClock(),
      messages,
    });
    const ended = runner.run().then(() => 'ended' as const);
    return Promise.race([ended, life.died.then(() => 'died' as const)]);
  }

  /** No alert lost: each is where it belongs, and each offset committed only after that. */
  check(): void {
    const good = this.alerts.filter(({ bad }) => !bad).map(({ n }) => n);
    const bad = this.alerts.filter((alert) => alert.bad).map(({ n }) => n);
    const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
    for (const [partition, next] of this.committed) {
      const covered = this.alerts.filter(({ n }) => `memory-${n % 2}` === partition && n >> 1 < next);
      for (const { n, bad: isBad } of covered) {
        expect(isBad ? this.dead : this.produced).toContain(n);
        if (!isBad) expect(this.sides).toContain(n);
      }
    }
    expect(sorted(this.produced)).toEqual(good);
    expect(sorted(this.sides)).toEqual(good);
    expect(sorted(this.dead)).toEqual(bad);
  }
}

const alertsOf = (count: number, bad: (n: number) => boolean): Alert[] =>
  Array.from({ length: count }, (_, n) => ({ n, bad: bad(n) }));

describe('a crash', () => {
  it.each(POINTS)('at "%s" loses nothing, and repeats at most what was not committed', async (point) => {
    for (let countdown = 0; countdown < 6; countdown++) {
      const world = new World(alertsOf(24, (n) => n % 6 >= 4));
      const first = await world.live(point, countdown, 4);
      if (first === 'ended') break;
      const before = world.executed;
      expect(await world.live(undefined, 0, 4)).toBe('ended');
      world.check();
      expect(world.executed).toBeLessThanOrEqual(before + 24);
      if (countdown === 0) expect(first).toBe('died');
    }
  });

  it('again and again, anywhere, loses nothing', async () => {
    const crash = fc.tuple(fc.constantFrom(...POINTS), fc.nat(8));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        fc.array(crash, { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (bads, crashes, messages) => {
          // At most every second alert is bad, so that the stream never looks hopeless.
          const world = new World(alertsOf(bads.length, (n) => n % 2 === 1 && bads[n] === true));
          for (const [point, countdown] of crashes) await world.live(point, countdown, messages);
          expect(await world.live(undefined, 0, messages)).toBe('ended');
          world.check();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('in a memory source is a marker, and its restart reads on from the commit', async () => {
    class Echo extends Step<number, number> {
      execute(n: number): number {
        return n;
      }
    }
    const source = new MemorySource([1, 2, CRASH, 3, END]);
    const producer = new MemorySink(source.process);
    const make = (from: MemorySource, to: MemorySink): Promise<unknown> =>
      new Runner<number, number>({
        step: new Echo(),
        source: from,
        codec: memoryCodec<number>(),
        producer: to,
        deadLetters: new MemorySink<DeadLetter>(),
        name: 'echo',
        clock: new FakeClock(),
      }).run();
    void make(source, producer);
    await source.process.died;
    const again = source.restart();
    const after = new MemorySink();
    await make(again, after);
    expect([...new Set([...producer.values, ...after.values])]).toEqual([1, 2, 3]);
  });
});
