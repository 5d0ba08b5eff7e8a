import { type Clock, systemClock } from '@apf/core';
import type { Admin } from '@platformatic/kafka';
import type { AdminLogin } from './admin-login.js';
import type { GroupState, PartitionState } from './broker-state.js';
import { MessageRates } from './message-rates.js';
import { OffsetTimes, type TimeSearch } from './offset-times.js';
import { partitionName } from './partition-name.js';
import { snapshotOf } from './snapshot-of.js';
import { momentOf, type StreamMoment, type StreamSnapshot } from './stream-snapshot.js';

export interface StreamWatchOptions {
  /** Names, or regular expressions that begin with ^; all that may be seen where absent. */
  readonly topics?: readonly string[] | undefined;
  /** As topics; those without a word on a watched topic are left out of what is seen where absent. */
  readonly groups?: readonly string[] | undefined;
  /** For how many seconds the sums of snapshots are kept; 300 where absent. */
  readonly keep?: number;
  readonly clock?: Clock;
}

/** Questions for times in one sample, at most: so many halve a week to a second. */
const ROUNDS = 24;

/**
 * Looks at a cluster again and again: topics, what comes into them, who reads them and how far behind. It reads no
 * message and joins no group; a user needs DESCRIBE on the topics and groups (READ includes it) and on nothing else.
 * What it may not see is named in the snapshots.
 */
export class StreamWatch {
  private admin: Admin | undefined;
  private sampling: Promise<StreamSnapshot> | undefined;
  private readonly ends = new MessageRates();
  private readonly commits = new MessageRates();
  private readonly times = new Map<string, OffsetTimes>();
  private moments: StreamMoment[] = [];
  private readonly keep: number;
  private readonly clock: Clock;

  constructor(
    private readonly login: AdminLogin,
    private readonly options: StreamWatchOptions = {},
  ) {
    this.keep = (options.keep ?? 300) * 1_000;
    this.clock = options.clock ?? systemClock;
  }

  /** The sums of the snapshots that were taken, the oldest first. */
  get history(): readonly StreamMoment[] {
    return this.moments;
  }

  /**
   * Asks the broker now; while a question is under way there is no second one. The next try connects anew after one
   * that failed.
   * @throws FatalError of one line where the broker does not answer or refuses the user
   */
  sample(): Promise<StreamSnapshot> {
    this.sampling ??= this.take().finally(() => (this.sampling = undefined));
    return this.sampling;
  }

  /** A snapshot every `interval` seconds, until the signal is aborted. A failure ends it. */
  async *snapshots(interval: number, signal: AbortSignal): AsyncGenerator<StreamSnapshot, void, void> {
    while (!signal.aborted) {
      const next = this.clock.now() + interval * 1_000;
      yield await this.sample();
      await this.clock.sleep(Math.max(0, next - this.clock.now()), signal);
    }
  }

  async close(): Promise<void> {
    await this.sampling?.catch(() => undefined);
    await this.disconnect();
  }

  private async disconnect(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    await admin?.close().catch(() => undefined);
  }

  private async take(): Promise<StreamSnapshot> {
    // The client that asks takes long to load.
    const [{ openAdmin }, { adminError }] = await Promise.all([
      import('./admin-client.js'),
      import('./admin-error.js'),
    ]);
    try {
      const snapshot = await this.ask((this.admin ??= openAdmin(this.login)));
      this.moments = [...this.moments.filter(({ at }) => at > snapshot.at - this.keep), momentOf(snapshot)];
      return snapshot;
    } catch (thrown) {
      await this.disconnect();
      throw adminError('the broker cannot be watched', thrown, this.login);
    }
  }

  private async ask(admin: Admin): Promise<StreamSnapshot> {
    const { groupStates, partitionStates, visibleTopics } = await import('./broker-state.js');
    const unseen: string[] = [];
    const wanted = chooser(this.options.topics);
    const visible = await visibleTopics(admin);
    const topics = new Map([...visible].filter(([topic]) => wanted(topic)));
    sayMissing('topic', this.options.topics, [...visible.keys()], unseen);
    const partitions = await partitionStates(admin, topics);
    const groups = await groupStates(admin, chooser(this.options.groups), unseen);
    sayMissing(
      'group',
      this.options.groups,
      groups.map(({ group }) => group),
      unseen,
    );
    const at = this.clock.now();
    this.ends.add(
      at,
      new Map(
        partitions.flatMap(({ topic, partition, end }) =>
          end === null ? [] : [[partitionName(topic, partition), end] as const],
        ),
      ),
    );
    this.commits.add(
      at,
      new Map(
        groups.flatMap(({ group, committed }) =>
          [...committed].map(([name, offset]) => [`${group}\n${name}`, offset] as const),
        ),
      ),
    );
    await this.learnTimes(admin, partitions, groups, at);
    return snapshotOf({
      at,
      partitions,
      groups,
      unseen,
      all: this.options.groups !== undefined,
      endRate: (name) => this.ends.of(name),
      commitRate: (group, name) => this.commits.of(`${group}\n${name}`),
      timeOf: (name, offset) => this.times.get(name)?.timeOf(offset),
    });
  }

  /** Learns when the newest committed messages were sent, as far as it is not known. */
  private async learnTimes(
    admin: Admin,
    partitions: readonly PartitionState[],
    groups: readonly GroupState[],
    now: number,
  ): Promise<void> {
    const { firstMessages } = await import('./broker-state.js');
    const open: { topic: string; partition: number; offset: number; times: OffsetTimes }[] = [];
    for (const { topic, partition, begin, end, newest } of partitions) {
      const name = partitionName(topic, partition);
      const times = this.times.get(name) ?? new OffsetTimes();
      this.times.set(name, times);
      if (begin === null || end === null || !newest) continue;
      times.trim(begin, end);
      times.learn(newest);
      for (const { committed } of groups) {
        const offset = (committed.get(name) ?? 0) - 1;
        if (offset >= begin && offset < newest.offset) open.push({ topic, partition, offset, times });
      }
    }
    let searches = new Map<string, { topic: string; partition: number; search: TimeSearch }>();
    for (let round = 0; round < ROUNDS; round++) {
      searches = new Map([...searches].filter(([, { search }]) => !search.ended));
      for (const { topic, partition, offset, times } of open) {
        const name = partitionName(topic, partition);
        const search = searches.has(name) ? undefined : times.search(offset, now);
        if (search) searches.set(name, { topic, partition, search });
      }
      if (searches.size === 0) return;
      const found = await firstMessages(admin, [...searches.values()], ({ search }) =>
        BigInt(search.question),
      );
      for (const [name, { search }] of searches) search.answer(found.get(name));
    }
  }
}

/** Whether a name is one of these, or matches one that begins with ^. */
function chooser(wanted: readonly string[] | undefined): (name: string) => boolean {
  if (!wanted) return () => true;
  const patterns = wanted.map((one) => (one.startsWith('^') ? new RegExp(one) : one));
  return (name) => patterns.some((one) => (typeof one === 'string' ? one === name : one.test(name)));
}

function sayMissing(
  what: 'topic' | 'group',
  wanted: readonly string[] | undefined,
  there: readonly string[],
  unseen: string[],
): void {
  for (const name of wanted ?? []) {
    if (there.some(chooser([name]))) continue;
    unseen.push(
      name.startsWith('^')
        ? `no ${what} matches ${name}, or this user may not see it`
        : `there is no ${what} '${name}', or this user may not see it`,
    );
  }
}
