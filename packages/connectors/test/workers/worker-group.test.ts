import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { FakeClock, settle } from '@apf/core/testing';
import { WorkerGroup } from '../../src/workers/worker-group.js';
import { LogBook } from '../kafka/kafka-fixture.js';
import { temporaryFolder } from '../wiring/temporary-folder.js';

interface Tried {
  readonly clock: FakeClock;
  readonly log: LogBook;
  readonly stop: AbortController;
  /** The numbers of the workers in the order in which they were started. */
  readonly started: number[];
  readonly code: Promise<number>;
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** @param program what each worker does; `worker` is its number, `life` how often it was started before */
function group(count: number, program: string, settings: 'right' | 'wrong' = 'right'): Tried {
  const folder = temporaryFolder({
    'worker.mjs': `const [worker, life] = process.argv.slice(2).map(Number);
      process.on('disconnect', () => process.exit(9));
      if ('${settings}' === 'right') process.send({ kind: 'built' });
      ${program}`,
  });
  const clock = new FakeClock();
  const log = new LogBook();
  const stop = new AbortController();
  const started: number[] = [];
  const workers = new WorkerGroup({
    count,
    start: (worker) => {
      const life = started.filter((other) => other === worker).length;
      started.push(worker);
      const child = fork(join(folder, 'worker.mjs'), [String(worker), String(life)], { execArgv: [] });
      children.push(child);
      return child;
    },
    board: undefined,
    clock,
    logger: log,
  });
  return { clock, log, stop, started, code: workers.run(stop.signal) };
}

/** Lets waits pass as soon as somebody waits, and gives how long each was, in s. */
async function waits({ clock, code }: Tried, count: number): Promise<number[]> {
  const all: number[] = [];
  let over = false;
  void code.then(() => (over = true));
  while (all.length < count && !over) {
    await settle();
    const { nextWake } = clock;
    if (nextWake === undefined) continue;
    all.push((nextWake - clock.now()) / 1_000);
    await clock.advance(nextWake - clock.now());
  }
  return all;
}

describe('several workers', () => {
  it('end with 0 when each has ended well, one before the other', async () => {
    const tried = group(3, 'process.exit(0);');
    expect(await tried.code).toBe(0);
    expect(tried.started.toSorted()).toEqual([1, 2, 3]);
    expect(tried.started[0]).toBe(1);
  });

  it('are started again after growing waits, and all end with 1 when one fails again and again', async () => {
    const tried = group(
      2,
      "if (worker === 2) process.exit(7); process.on('SIGTERM', () => process.exit(0));",
    );
    expect(await waits(tried, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(await tried.code).toBe(1);
    expect(tried.started).toEqual([1, 2, 2, 2, 2, 2, 2]);
    expect(tried.log.lines.at(-1)?.message).toBe(
      'worker 2 is given up: it failed 6 times in a row; all stop',
    );
  });

  it('count failures anew once a worker has run for a minute', async () => {
    const tried = group(1, 'if (life !== 1) process.exit(1); setInterval(() => undefined, 1000);');
    expect(await waits(tried, 1)).toEqual([1]);
    while (tried.started.length < 2) await settle();
    await tried.clock.advance(60_000);
    children.at(-1)!.kill('SIGKILL');
    expect(await waits(tried, 1)).toEqual([1]);
    tried.stop.abort();
    await tried.code;
  });

  it('all end with 2 when the settings are wrong, and only the first has been started', async () => {
    const tried = group(4, 'process.exit(2);', 'wrong');
    expect(await tried.code).toBe(2);
    expect(tried.started).toEqual([1]);
  });

  it('all end with 2 when one finds its settings wrong later', async () => {
    const tried = group(
      2,
      "if (worker === 2) process.exit(2); process.on('SIGTERM', () => process.exit(0));",
    );
    expect(await tried.code).toBe(2);
    expect(tried.started).toEqual([1, 2]);
  });

  it('are told to stop, and end with 0 though one was just waiting to be started again', async () => {
    const tried = group(
      2,
      "if (worker === 2) process.exit(1); process.on('SIGTERM', () => process.exit(0));",
    );
    while (tried.clock.nextWake === undefined) await settle();
    tried.stop.abort();
    expect(await tried.code).toBe(0);
  });
});
