import { FakeClock, settle } from '@apf/core/testing';
import { play, type Burst, type Pace } from '../../src/simulator/play.js';

class Numbers implements Burst<number> {
  constructor(
    readonly name: string,
    readonly size: number,
    readonly groups?: readonly number[],
  ) {}

  async take(from: number, to: number): Promise<number[]> {
    return Array.from({ length: to - from }, (_, i) => from + i);
  }
}

/** A play on a clock that stands still; `log` has what happened, with the ms since the start. */
class Played {
  readonly log: string[] = [];
  readonly sentAt: number[] = [];
  readonly stop = new AbortController();
  ended = false;
  /** What handing over a portion takes, in ms. */
  sendTime = 0;
  /** What a flush takes, in ms. */
  flushTime = 0;
  readonly done: Promise<void>;

  constructor(
    readonly clock: FakeClock,
    bursts: Iterable<Numbers> | AsyncIterable<Numbers>,
    pace: Pace,
  ) {
    const note = (text: string): void => void this.log.push(`${clock.now() - start} ${text}`);
    const start = clock.now();
    this.done = play<number, Numbers>({
      bursts,
      ...pace,
      clock,
      signal: this.stop.signal,
      transmitter: {
        send: async (alerts) => {
          for (let i = 0; i < alerts.length; i++) this.sentAt.push(clock.now() - start);
          if (this.sendTime > 0) await clock.sleep(this.sendTime);
        },
        flush: async () => (this.flushTime > 0 ? clock.sleep(this.flushTime) : undefined),
      },
      events: {
        started: ({ name }) => note(`start ${name}`),
        progress: () => undefined,
        finished: ({ name }, sent) => note(`end ${name} ${sent}`),
        late: (behind) => note(`late ${JSON.stringify(behind)}`),
      },
    }).finally(() => (this.ended = true));
  }
}

const three = (size = 2): Numbers[] => ['a', 'b', 'c'].map((name) => new Numbers(name, size));

/** The times at which alerts were sent, each with how many. */
function counts(times: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const time of times) found.set(time, (found.get(time) ?? 0) + 1);
  return found;
}

describe('play', () => {
  it('begins each burst at the next multiple of the interval on the clock (alert_stream S1, fink 1.4)', async () => {
    const clock = new FakeClock(39_000 * 1000 + 12_345);
    const played = new Played(clock, three(), { interval: 39 });
    played.flushTime = 4_000;
    await clock.advance(26_654);
    expect(played.log).toEqual([]);
    await clock.advance(39_000 * 3);
    await played.done;
    expect(played.log).toEqual([
      '26655 start a',
      '30655 end a 2',
      '65655 start b',
      '69655 end b 2',
      '104655 start c',
      '108655 end c 2',
    ]);
  });

  it('waits a whole interval when it begins exactly on the grid', async () => {
    const clock = new FakeClock(39_000 * 1000);
    const played = new Played(clock, three().slice(0, 1), { interval: 39 });
    await clock.advance(39_000);
    await played.done;
    expect(played.log).toEqual(['39000 start a', '39000 end a 2']);
  });

  it('gives a late burst the next slot, says so, and catches nothing up', async () => {
    const clock = new FakeClock(1_000_000);
    const played = new Played(clock, three(), { interval: 1 });
    played.flushTime = 2_300;
    await clock.advance(10_000);
    expect(played.log).toEqual([
      '1000 start a',
      '3300 end a 2',
      '3300 late {"slots":2}',
      '4000 start b',
      '6300 end b 2',
      '6300 late {"slots":2}',
      '7000 start c',
      '9300 end c 2',
    ]);
  });

  it('takes no slot twice when a timer fires early', async () => {
    const clock = new FakeClock(1_000_000);
    const sleep = clock.sleep.bind(clock);
    // As a timer does that rounds down: it never sleeps the last half millisecond.
    clock.sleep = (ms, signal) => sleep(ms > 0.5 ? ms - 0.5 : ms, signal);
    const played = new Played(clock, three(), { interval: 1 });
    await clock.advance(3_000);
    expect(played.log.filter((line) => line.includes('start'))).toEqual([
      '1000 start a',
      '2000 start b',
      '3000 start c',
    ]);
  });

  it('does not wait at all with an interval of 0', async () => {
    const clock = new FakeClock();
    const played = new Played(clock, three(250), { interval: 0 });
    await played.done;
    expect(played.sentAt).toEqual(Array.from({ length: 750 }, () => 0));
  });

  it('spaces alerts evenly by a rate, over bursts that follow each other', async () => {
    const clock = new FakeClock();
    const played = new Played(clock, three(4), { interval: 0, rate: 10 });
    await clock.advance(1_100);
    expect(played.sentAt).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100]);
    await played.done;
  });

  it('keeps a high rate in portions, of a fiftieth of a second at most', async () => {
    const clock = new FakeClock();
    const played = new Played(clock, [new Numbers('a', 3000)], { interval: 0, rate: 1000 });
    await clock.advance(3_000);
    await played.done;
    expect(played.sentAt).toHaveLength(3000);
    played.sentAt.forEach((at, i) => {
      expect(at).toBeLessThanOrEqual(i);
      expect(at).toBeGreaterThan(i - 20.001);
    });
  });

  it('begins a rate anew with each burst of a grid', async () => {
    const clock = new FakeClock(1_000_000);
    const played = new Played(clock, three(3), { interval: 1, rate: 10 });
    await clock.advance(3_500);
    expect(played.sentAt).toEqual([1000, 1100, 1200, 2000, 2100, 2200, 3000, 3100, 3200]);
  });

  it('goes on from now when it is more than a second behind a rate, and says so', async () => {
    const clock = new FakeClock();
    const bursts = three(2);
    const played = new Played(clock, bursts, { interval: 0, rate: 10 });
    played.flushTime = 1_500;
    await clock.advance(6_000);
    expect(played.sentAt).toEqual([0, 100, 1600, 1700, 3200, 3300]);
    expect(played.log).toContainEqual('1600 late {"seconds":1.4}');
  });

  it('sends nothing more once it is stopped, but flushes what it has sent', async () => {
    const clock = new FakeClock();
    const played = new Played(clock, three(10), { interval: 0, rate: 10 });
    played.flushTime = 50;
    await clock.advance(450);
    played.stop.abort();
    await settle();
    expect(played.ended).toBe(false);
    await clock.advance(50);
    await played.done;
    expect(played.log).toEqual(['0 start a', '500 end a 5']);
    expect(played.sentAt).toHaveLength(5);
  });

  it('ends while it waits for a slot, and leaves what gives the bursts', async () => {
    const clock = new FakeClock(1_000_001);
    let left = false;
    async function* endless(): AsyncGenerator<Numbers> {
      try {
        for (;;) yield new Numbers('a', 1);
      } finally {
        left = true;
      }
    }
    const played = new Played(clock, endless(), { interval: 1 });
    await clock.advance(1_500);
    played.stop.abort();
    await played.done;
    expect(played.log).toEqual(['999 start a', '999 end a 1']);
    expect(left).toBe(true);
  });

  describe('with a window (DMTN-149, alert_stream S5)', () => {
    const visit = (name: string, ...groups: number[]): Numbers =>
      new Numbers(
        name,
        groups.reduce((sum, size) => sum + size, 0),
        groups,
      );

    it('spreads the groups evenly over the window from the slot on, each whole and at once', async () => {
      const clock = new FakeClock(39_000 * 1000);
      const played = new Played(clock, [visit('a', 50, 10, 200)], { interval: 39, window: 3 });
      await clock.advance(38_999);
      expect(played.sentAt).toEqual([]);
      await clock.advance(3_000);
      await played.done;
      expect([...counts(played.sentAt)]).toEqual([
        [39_000, 50],
        [40_000, 10],
        [41_000, 200],
      ]);
    });

    it('sends 10,000 alerts in 189 groups within 3 s of every slot', async () => {
      const clock = new FakeClock(37_000 * 1000);
      const sizes = Array.from({ length: 189 }, (_, i) => (i === 0 ? 10_000 - 188 * 53 : 53));
      const played = new Played(clock, [visit('a', ...sizes), visit('b', ...sizes)], {
        interval: 37,
        window: 3,
      });
      await clock.advance(2 * 37_000 + 3_000);
      await played.done;
      const sent = [...counts(played.sentAt)];
      expect(sent.map(([, count]) => count)).toEqual([...sizes, ...sizes]);
      sent.forEach(([at], i) => {
        expect(at).toBeCloseTo(37_000 * (i < 189 ? 1 : 2) + ((i % 189) * 3_000) / 189, 6);
      });
    });

    it('keeps the slot of the next visit, whose window begins there', async () => {
      const clock = new FakeClock(1_000_000);
      const played = new Played(clock, [visit('a', 1, 1), visit('b', 2, 2)], { interval: 10, window: 4 });
      played.flushTime = 5_000;
      await clock.advance(30_000);
      await played.done;
      expect([...counts(played.sentAt)]).toEqual([
        [10_000, 1],
        [12_000, 1],
        [20_000, 2],
        [22_000, 2],
      ]);
    });

    it('sends late groups at once: a late window shifts neither what comes after it nor the grid', async () => {
      const clock = new FakeClock(1_000_000);
      const played = new Played(clock, [visit('a', 1, 1, 1, 1), visit('b', 1, 1)], {
        interval: 10,
        window: 4,
      });
      played.sendTime = 1_400;
      await clock.advance(30_000);
      await played.done;
      expect(played.sentAt).toEqual([10_000, 11_400, 12_800, 14_200, 20_000, 22_000]);
      expect(played.log).toContainEqual('15600 late {"seconds":1.6}');
      expect(played.log.filter((line) => line.includes('start'))).toEqual(['10000 start a', '20000 start b']);
    });

    it('counts the window from the slot, not from when the visit was begun', async () => {
      const clock = new FakeClock(1_000_000);
      const sleep = clock.sleep.bind(clock);
      // As on a busy machine: whoever waits long comes back half a second late.
      clock.sleep = (ms, signal) => sleep(ms > 5_000 ? ms + 500 : ms, signal);
      const played = new Played(clock, [visit('a', 1, 1, 1)], { interval: 10, window: 3 });
      await clock.advance(20_000);
      await played.done;
      expect(played.sentAt).toEqual([10_500, 11_000, 12_000]);
    });

    it('takes a burst without groups as one, and leaves out the groups that are left when it is stopped', async () => {
      const clock = new FakeClock(1_000_000);
      const played = new Played(clock, [new Numbers('a', 250), visit('b', 2, 2)], {
        interval: 10,
        window: 3,
      });
      await clock.advance(20_000);
      expect([...counts(played.sentAt)]).toEqual([
        [10_000, 250],
        [20_000, 2],
      ]);
      played.stop.abort();
      await played.done;
      expect(played.log.at(-1)).toBe('20000 end b 2');
    });
  });
});
