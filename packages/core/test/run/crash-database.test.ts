import { type AlertContext, type DeadLetter, PoisonError, type Position, Runner, Step } from '@apf/core';
import {
  FakeClock,
  MemoryDatabase,
  MemorySink,
  MemorySource,
  MemoryTables,
  Process,
  memoryCodec,
  message,
} from '@apf/core/testing';
import fc from 'fast-check';

const POINTS = [
  'poll',
  'execute',
  'producer flush',
  'begin',
  'write',
  'dead letter write',
  'dead letter flush',
  'commit',
  'committed',
  'source commit',
  'source committed',
] as const;
type Point = (typeof POINTS)[number];

/** Alerts 3, 8, 13 … fail in execute, 4, 9, 14 … have a row that the database refuses, 10, 21 … repeat an earlier id. */
const COUNT = 24;
const fails = (n: number): boolean => n % 5 === 3;
const refused = (n: number): boolean => n % 5 === 4;
const idOf = (n: number): number => (n % 11 === 10 ? n - 10 : n);
const NUMBERS = Array.from({ length: COUNT }, (_, n) => n);

/** What outlives every crash: the topic with its commits, the tables, and the dead letters. */
class World {
  readonly tables = new MemoryTables();
  readonly dead = new Set<number>();
  readonly committed = new Map<string, number>();

  constructor(
    private readonly offsets: 'broker' | 'database',
    private readonly unique: boolean,
  ) {}

  async live(point: Point | undefined, countdown: number, messages: number): Promise<'died' | 'ended'> {
    const life = new Process();
    let left = countdown;
    const pass = async (here: Point): Promise<void> => {
      if (here === point && left-- === 0) await life.crash();
    };
    const { committed, dead } = this;
    class Topic extends MemorySource {
      override async poll(max: number, signal: AbortSignal): ReturnType<MemorySource['poll']> {
        await pass('poll');
        return super.poll(max, signal);
      }
      override async commit(next: readonly Position[]): Promise<void> {
        await pass('source commit');
        await super.commit(next);
        for (const { topic, partition, offset } of next) committed.set(`${topic}-${partition}`, offset);
        await pass('source committed');
      }
    }
    const source = new Topic(
      NUMBERS.map((n) => message({ n, id: idOf(n) }, { partition: n % 2, offset: n >> 1 })),
      life,
      5,
    );
    for (const [partition, offset] of committed) source.committed.set(partition, offset);
    class Count extends Step<{ n: number; id: number }, { n: number }> {
      async execute({ n }: { n: number }, context: AlertContext): Promise<{ n: number }> {
        await pass('execute');
        context.db.upsert('counter', { id: 'all', count: 1 }, { add: 'count' });
        if (fails(n)) throw new PoisonError('bad');
        return { n };
      }
    }
    const database = new MemoryDatabase({
      tables: this.tables,
      process: life,
      keepsOffsets: this.offsets === 'database',
      ...(this.unique ? { uniqueKey: 'id' } : {}),
      behave: async (what, { changes }) => {
        if (what === 'abort') return undefined;
        await pass(what);
        if (what !== 'write') return undefined;
        return changes
          .filter(({ table, row }) => table === undefined && refused(row['n'] as number))
          .map(({ origin, row }) => ({
            outgoing: { value: row, origin },
            error: new PoisonError('refused'),
          }));
      },
    });
    class Letters extends MemorySink<DeadLetter> {
      override async flush(): Promise<void> {
        await super.flush();
        for (const { message: raw } of this.values) dead.add(raw.offset * 2 + raw.partition);
      }
    }
    const runner = new Runner<{ n: number; id: number }, { n: number }>({
      step: new Count(),
      source,
      codec: memoryCodec(),
      producer: new MemorySink(life, (what) => (what === 'flush' ? pass('producer flush') : undefined)),
      database,
      deadLetters: new Letters(life, (what) => pass(`dead letter ${what}`)),
      name: 'count',
      clock: new FakeClock(),
      messages,
    });
    return Promise.race([runner.run().then(() => 'ended' as const), life.died.then(() => 'died' as const)]);
  }

  /** Whose row is there, and how often it was added to the counter. */
  check(): void {
    const rows = this.tables.changes
      .filter(({ table }) => table === undefined)
      .map(({ row }) => row['n'] as number);
    const counted = this.tables.changes.filter(({ table }) => table === 'counter').length;
    const bad = NUMBERS.filter((n) => fails(n) || refused(n));
    const good = NUMBERS.filter((n) => !bad.includes(n));
    // An alert whose double succeeded before is not processed; one whose double is a dead letter is.
    const doubled = (n: number): boolean => this.unique && idOf(n) !== n && good.includes(idOf(n));
    const expected = good.filter((n) => !doubled(n));
    expect([...new Set(rows)].sort((a, b) => a - b)).toEqual(expected);
    for (const n of bad.filter((one) => !doubled(one))) expect(this.dead).toContain(n);
    expect(counted).toBe(rows.length);
    // Where offsets or marks stand in the same transaction nothing is there twice.
    if (this.offsets === 'database' || this.unique) expect(rows).toHaveLength(expected.length);
  }
}

describe.each([
  ['broker', false],
  ['database', false],
  ['broker', true],
  ['database', true],
] as const)('with OFFSETS %s and UNIQUE %s a crash', (offsets, unique) => {
  it.each(POINTS)('at "%s" loses nothing, and counts as often as it promises', async (point) => {
    for (let countdown = 0; countdown < 4; countdown++) {
      const world = new World(offsets, unique);
      if ((await world.live(point, countdown, 4)) === 'ended') {
        expect(countdown).toBeGreaterThan(0);
        break;
      }
      expect(await world.live(undefined, 0, 4)).toBe('ended');
      world.check();
    }
  });

  it('again and again, anywhere, does neither', async () => {
    const crash = fc.tuple(fc.constantFrom(...POINTS), fc.nat(8));
    await fc.assert(
      fc.asyncProperty(
        fc.array(crash, { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (crashes, messages) => {
          const world = new World(offsets, unique);
          for (const [point, countdown] of crashes) await world.live(point, countdown, messages);
          expect(await world.live(undefined, 0, messages)).toBe('ended');
          world.check();
        },
      ),
      { numRuns: 50 },
    );
  });
});
