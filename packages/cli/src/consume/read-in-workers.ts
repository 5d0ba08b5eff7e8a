import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OffsetRange } from '@apf/connectors';
import { type ApfError, type ErrorCode, FatalError, systemClock, UsageError } from '@apf/core';
import { type Consumed, counted, sumOf } from './consumed.js';
import type { ReadingJob } from './read-stream.js';

/** What a worker tells: what it found out, that no message has come for a while, what it has done so far, that it is through, or why it failed. */
export type WorkerReport =
  | { readonly kind: 'said'; readonly line: string }
  | { readonly kind: 'idle' }
  | { readonly kind: 'progress' | 'done'; readonly consumed: Consumed & { readonly holdsMore: boolean } }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly code: ErrorCode;
      /** Whether it is a mistake in the options. */
      readonly usage: boolean;
    };

export interface WorkersSurroundings {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Called once when no message has come to any worker for a while. */
  readonly onIdle: () => void;
}

/** A worker that dies so often soon after its start is given up. */
const TRIES = 6;
const LASTING = 60_000;
const FIRST_WAIT = 500;
/** How often what was done is said, in ms. */
const SAY_EVERY = 10_000;

const program = fileURLToPath(new URL('./consume-worker.js', import.meta.url));

/**
 * Reads a stream in several processes: as members of the group, or each with partitions of its own. One that is killed
 * is started again and goes on; one that fails ends all.
 */
export async function readInWorkers(
  job: ReadingJob,
  { signal, say, onIdle }: WorkersSurroundings,
): Promise<Consumed & { readonly holdsMore: boolean }> {
  const { plan, reads } = job;
  const shares = plan.group === undefined ? shared(reads, plan.workers) : undefined;
  const count = shares?.length ?? Math.max(1, Math.min(plan.workers, reads.length));
  if (count < plan.workers)
    say(`${counted(count, 'worker')} for ${counted(reads.length, 'partition')}: more have nothing to read`);
  const stop = new AbortController();
  const stopAll = (): void => stop.abort();
  signal.addEventListener('abort', stopAll, { once: true });
  if (signal.aborted) stopAll();
  const said = new Set<string>();
  const idle = new Set<number>();
  const workers = Array.from(
    { length: count },
    (_, i) =>
      new Worker({
        job: shares ? { ...job, reads: shares[i]! } : job,
        stop: stop.signal,
        // What each finds out about a topic is said once.
        say: (line) => {
          if (!said.has(line)) say(line);
          said.add(line);
        },
        idle: () => {
          const known = idle.size;
          idle.add(i);
          const { decoded, unreadable, empty } = total();
          if (idle.size > known && idle.size === count && decoded + unreadable + empty === 0) onIdle();
        },
      }),
  );
  const total = (): Consumed => sumOf(workers.map((worker) => worker.consumed));
  let before = 0;
  const saying = setInterval(() => {
    const { out } = total().counts;
    if (out > before)
      say(`${counted(out, 'alert')} so far, ${Math.round(((out - before) * 1_000) / SAY_EVERY)}/s`);
    before = out;
  }, SAY_EVERY);
  try {
    const runs = workers.map((worker) =>
      worker.run().catch((error: unknown) => (stopAll(), Promise.reject(error as Error))),
    );
    const ended = await Promise.allSettled(runs);
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    return { ...total(), holdsMore: workers.some(({ holdsMore }) => holdsMore) };
  } finally {
    clearInterval(saying);
    signal.removeEventListener('abort', stopAll);
  }
}

/** Partitions for each of at most so many workers, with about as many messages each; none goes without. */
export function shared(reads: readonly OffsetRange[], workers: number): OffsetRange[][] {
  const sizeOf = ({ start, end }: OffsetRange): number => (end === undefined ? 0 : Math.max(0, end - start));
  const shares = Array.from({ length: Math.max(1, Math.min(workers, reads.length)) }, () => ({
    size: 0,
    parts: [] as OffsetRange[],
  }));
  for (const part of [...reads].sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const least = shares.reduce((a, b) =>
      b.size < a.size || (b.size === a.size && b.parts.length < a.parts.length) ? b : a,
    );
    least.parts.push(part);
    least.size += sizeOf(part);
  }
  return shares.map(({ parts }) => parts);
}

interface WorkerOptions {
  readonly job: ReadingJob;
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
  readonly idle: () => void;
}

const NOTHING: Consumed = {
  counts: { out: 0, filtered: 0, repeated: 0, otherTime: 0, thinned: 0 },
  decoded: 0,
  unreadable: 0,
  empty: 0,
  expired: 0,
  files: undefined,
  skipped: 0,
};

class Worker {
  holdsMore = false;
  private earlier: Consumed = NOTHING;
  private now: Consumed = NOTHING;

  constructor(private readonly options: WorkerOptions) {}

  /** In this life and the ones before. */
  get consumed(): Consumed {
    return sumOf([this.earlier, this.now]);
  }

  async run(): Promise<void> {
    const { stop, say } = this.options;
    for (let quick = 0; !stop.aborted;) {
      const begun = systemClock.now();
      const by = await this.once();
      if (by === undefined) return;
      this.earlier = this.consumed;
      this.now = NOTHING;
      quick = systemClock.now() - begun >= LASTING ? 1 : quick + 1;
      if (quick >= TRIES)
        throw new FatalError(`a worker was ended ${quick} times in a row by ${by}: see above`);
      say(`a worker was ended by ${by}; it goes on where it was`);
      await systemClock.sleep(FIRST_WAIT * 2 ** (quick - 1), stop);
    }
  }

  /** @returns what ended it before its time @throws ApfError as the worker's own */
  private async once(): Promise<string | undefined> {
    const { job, stop, say, idle } = this.options;
    // In a process group of its own: else Ctrl-C would reach it twice, and twice means at once.
    const child: ChildProcess = fork(program, [], { detached: true, serialization: 'advanced' });
    const end = (): void => void child.kill('SIGTERM');
    stop.addEventListener('abort', end, { once: true });
    let done = false;
    let failure: ApfError | undefined;
    child.on('message', (report: WorkerReport) => {
      if (report.kind === 'said') say(report.line);
      else if (report.kind === 'idle') idle();
      else if (report.kind === 'failed')
        failure = new (report.usage ? UsageError : FatalError)(report.message, { code: report.code });
      else {
        this.now = report.consumed;
        this.holdsMore ||= report.consumed.holdsMore;
        done = report.kind === 'done';
      }
    });
    child.send(job, () => undefined);
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        child.once('error', reject);
        // After the last of its messages.
        child.once('close', (code, by) => {
          if (failure) reject(failure);
          else resolve(done || stop.aborted ? undefined : (by ?? `exit code ${code}`));
        });
      });
    } finally {
      stop.removeEventListener('abort', end);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
  }
}
