import { type Clock, toError } from '@apf/core';
import type { GroupState, StepState, StreamHistory, StreamSnapshot, StreamView } from '../page-api.js';
import type { BrokerState, StreamSource } from './stream-source.js';

/** How often the broker is looked at, in ms: a stall must be seen within 2 s. */
const INTERVAL = 500;
/** A broker that takes long to answer is asked less often: not more than this part of the time. */
const SHARE = 0.5;
/** How long the history is, in looks: ten minutes. */
const KEPT = 1_200;
/** Still for so long with messages waiting, in ms, is a stall: at the third look; and for so many times as long as is usual. */
const STALL = 900;
const TIMES_USUAL = 1.5;
/** What is taken for usual at most, in ms, and how fast it is forgotten with each commit. */
const MOST_USUAL = 15_000;
const FORGET = 0.8;

/** How a group's commits go. */
interface Progress {
  readonly committed: number;
  readonly waits: boolean;
  /** When it last committed something, or messages began to wait, in ms. */
  readonly since: number;
  /** The time between two commits of late, in ms. */
  readonly usual: number;
}

export interface StreamRecorderOptions {
  readonly source: StreamSource;
  /** Steps by their own metrics. */
  readonly steps: { look(): Promise<readonly StepState[]> };
  readonly deadLetters: () => number | null;
  readonly clock: Clock;
  readonly onLook: (snapshot: StreamSnapshot) => void;
}

/** Looks at a broker and the steps again and again, and remembers the last minutes. */
export class StreamRecorder {
  private readonly stop = new AbortController();
  private readonly kept: StreamSnapshot[] = [];
  private readonly progress = new Map<string, Progress>();
  private last: BrokerState = { topics: [], groups: [], unseen: [] };
  private running: Promise<void> | undefined;

  constructor(private readonly options: StreamRecorderOptions) {}

  start(): void {
    this.running ??= this.watch();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
    await this.options.source.close();
  }

  view(): StreamView {
    return { now: this.now(), history: historyOf(this.kept) };
  }

  now(): StreamSnapshot {
    return this.kept.at(-1) ?? this.snapshot(this.options.clock.now(), [], 'the broker was not asked yet');
  }

  private async watch(): Promise<void> {
    const { clock, onLook } = this.options;
    while (!this.stop.signal.aborted) {
      const began = clock.now();
      const snapshot = await this.look();
      this.kept.push(snapshot);
      if (this.kept.length > KEPT) this.kept.shift();
      onLook(snapshot);
      const took = clock.now() - began;
      await clock.sleep(Math.max(INTERVAL - took, took * (1 / SHARE - 1), 0), this.stop.signal);
    }
  }

  private async look(): Promise<StreamSnapshot> {
    const { source, steps, clock } = this.options;
    const [state, seen] = await Promise.all([source.look().catch(toError), steps.look()]);
    if (state instanceof Error) return this.snapshot(clock.now(), seen, state.message);
    this.last = state;
    return this.snapshot(clock.now(), seen, null);
  }

  private snapshot(time: number, steps: readonly StepState[], error: string | null): StreamSnapshot {
    const { topics, groups, unseen } = this.last;
    return {
      time,
      servers: this.options.source.servers,
      error,
      unseen,
      topics,
      groups: groups.map((group) => this.withStall(group, time)),
      steps,
      deadLetters: this.options.deadLetters(),
    };
  }

  private withStall(group: BrokerState['groups'][number], now: number): GroupState {
    const committed = group.partitions.reduce((sum, partition) => sum + (partition.committed ?? 0), 0);
    const waits = (group.lag ?? 0) > 0;
    const before = this.progress.get(group.name);
    const isStill = waits && before?.waits === true && before.committed === committed;
    const since = isStill ? before.since : now;
    const usual =
      waits && before?.waits === true && !isStill
        ? Math.min(MOST_USUAL, Math.max(now - before.since, FORGET * before.usual))
        : (before?.usual ?? 0);
    this.progress.set(group.name, { committed, waits, since, usual });
    const stalled = isStill && now - since >= Math.max(STALL, TIMES_USUAL * usual);
    return { ...group, stillSince: isStill ? since : null, stalled };
  }
}

function historyOf(kept: readonly StreamSnapshot[]): StreamHistory {
  const names = (of: (snapshot: StreamSnapshot) => readonly { readonly name: string }[]): string[] => [
    ...new Set(kept.flatMap((snapshot) => of(snapshot).map(({ name }) => name))),
  ];
  const series = <T extends { readonly name: string }>(
    of: (snapshot: StreamSnapshot) => readonly T[],
    value: (one: T) => number | null,
  ): Record<string, (number | null)[]> =>
    Object.fromEntries(
      names(of).map((name) => [
        name,
        kept.map((snapshot) => {
          const one = of(snapshot).find((each) => each.name === name);
          // A look that failed says nothing, though the last state is still shown.
          return one === undefined || snapshot.error !== null ? null : value(one);
        }),
      ]),
    );
  return {
    times: kept.map(({ time }) => time),
    topicRate: series(
      ({ topics }) => topics,
      ({ rate }) => rate,
    ),
    groupLag: series(
      ({ groups }) => groups,
      ({ lag }) => lag,
    ),
    groupRate: series(
      ({ groups }) => groups,
      ({ rate }) => rate,
    ),
    groupLatency: series(
      ({ groups }) => groups,
      ({ latency }) => latency,
    ),
    stepLatency: series(
      ({ steps }) => steps,
      ({ latency }) => latency?.p50 ?? null,
    ),
    deadLetters: kept.map(({ deadLetters }) => deadLetters),
  };
}
