import { type Clock, FatalError, type Logger, type Position, type TopicPartition } from '@apf/core';
import type { Session } from './session.js';

/** Where `OFFSETS: 'database'` keeps how far each consumer has read. */
export const OFFSETS_TABLE = 'apf_offsets';

export const offsetsTable = (text: string, integer: string, bigint: string): string =>
  `create table if not exists ${OFFSETS_TABLE} (consumer ${text} not null, topic ${text} not null, ` +
  `"partition" ${integer} not null, next_offset ${bigint}, epoch ${bigint} not null, ` +
  `primary key (consumer, topic, "partition"))`;

/** A partition's line: read up to `next`, by the owner who holds `epoch`. */
interface Line {
  readonly next: number | undefined;
  readonly epoch: bigint;
}

/** How long the broker may go on giving us what somebody else has taken, in ms. */
const PATIENCE = 60_000;
/** Partitions in one statement. */
const AT_ONCE = 500;

/**
 * Offsets in the same transaction as the rows. Whoever takes a partition raises its epoch; who holds an older one has lost
 * it, and writes nothing more for it. What lies before the offset that is noted has been written, by whomever.
 */
export class OffsetsLedger {
  /** Epochs of the partitions that this process has taken. */
  private readonly epochs = new Map<string, bigint>();
  /** Since when somebody else has what is still given to us, in ms. */
  private readonly lostSince = new Map<string, number>();
  private lines: ReadonlyMap<string, Line> = new Map();

  /** @param consumer the group */
  constructor(
    private readonly consumer: string,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Takes partitions, in a transaction of its own. @returns where each is to be read on */
  async claim(
    session: Session,
    partitions: readonly TopicPartition[],
  ): Promise<readonly (number | undefined)[]> {
    const taken = new Map<string, Line>();
    for (const some of chunks(inOrder(partitions))) {
      const rows = await session.run(
        `insert into ${OFFSETS_TABLE} as o (consumer, topic, "partition", epoch) values ${some.map((_, i) => `($1, $${2 * i + 2}, $${2 * i + 3}, 1)`).join(', ')} ` +
          `on conflict (consumer, topic, "partition") do update set epoch = o.epoch + 1 ` +
          `returning topic, "partition", next_offset, epoch`,
        this.parametersOf(some),
      );
      for (const [key, line] of linesOf(rows)) taken.set(key, line);
    }
    await session.commit();
    for (const [key, { epoch }] of taken) {
      this.epochs.set(key, epoch);
      this.lostSince.delete(key);
    }
    return partitions.map((partition) => taken.get(keyOf(partition))?.next);
  }

  /** Looks up, and locks until the transaction ends, what is known of the partitions that are to be written for. */
  async lock(session: Session, next: readonly Position[], forUpdate: string): Promise<void> {
    const lines = new Map<string, Line>();
    for (const some of chunks(inOrder(next))) {
      const rows = await session.run(
        `select topic, "partition", next_offset, epoch from ${OFFSETS_TABLE} ` +
          `where consumer = $1 and (topic, "partition") in (values ${places(some)}) ` +
          `order by topic, "partition" ${forUpdate}`,
        this.parametersOf(some),
      );
      for (const [key, line] of linesOf(rows)) lines.set(key, line);
    }
    this.lines = lines;
    for (const position of next) this.watch(position);
  }

  /** Whether something of this message may still be written. */
  open(message: Position): boolean {
    const key = keyOf(message);
    const line = this.lines.get(key);
    if (!line) return true;
    return this.holds(key, line) && message.offset >= (line.next ?? 0);
  }

  /** Notes how far the partitions are read that are still ours. */
  async advance(session: Session, next: readonly Position[]): Promise<void> {
    const ours = next.filter((position) => {
      const line = this.lines.get(keyOf(position));
      return !line || (this.holds(keyOf(position), line) && position.offset > (line.next ?? -1));
    });
    for (const some of chunks(inOrder(ours))) {
      const values = some
        .map(({ offset }, i) => `($1, $${2 * i + 2}, $${2 * i + 3}, ${BigInt(offset)}, 1)`)
        .join(', ');
      await session.run(
        `insert into ${OFFSETS_TABLE} (consumer, topic, "partition", next_offset, epoch) values ${values} ` +
          `on conflict (consumer, topic, "partition") do update set next_offset = excluded.next_offset`,
        this.parametersOf(some),
      );
    }
  }

  /** A source that does not ask where to begin has taken nothing: then whoever writes is the owner. */
  private holds(key: string, { epoch }: Line): boolean {
    return (this.epochs.get(key) ?? epoch) === epoch;
  }

  /** The broker tells a member that was away of its new state, and soon: it only may not write before. */
  private watch(position: Position): void {
    const key = keyOf(position);
    const line = this.lines.get(key);
    if (!line || this.holds(key, line)) return;
    const { topic, partition } = position;
    const now = this.clock.now();
    const since = this.lostSince.get(key);
    if (since === undefined) {
      this.lostSince.set(key, now);
      const from = line.next ?? 'its beginning';
      this.logger.warn(
        { topic, partition },
        `${topic}[${partition}] has another owner, who reads on from ${from}: what is in hand of it is left to that one`,
      );
    } else if (now - since > PATIENCE) {
      throw new FatalError(
        `${topic}[${partition}] was taken by another process that writes as '${this.consumer}' to this database, and the broker still gives it to this one: give each step a group id of its own`,
        { code: 'APF_DATABASE' },
      );
    }
  }

  private parametersOf(partitions: readonly TopicPartition[]): unknown[] {
    return [this.consumer, ...partitions.flatMap(({ topic, partition }) => [topic, partition])];
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

/** Always in the same order, so that no two processes wait for each other. */
function inOrder<P extends TopicPartition>(partitions: readonly P[]): P[] {
  return [...partitions].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
}

function* chunks<P>(partitions: readonly P[]): Generator<readonly P[]> {
  for (let i = 0; i < partitions.length; i += AT_ONCE) yield partitions.slice(i, i + AT_ONCE);
}

/** Nothing else tells PostgreSQL of what types these are. */
const places = (partitions: readonly unknown[]): string =>
  partitions.map((_, i) => `(cast($${2 * i + 2} as text), cast($${2 * i + 3} as integer))`).join(', ');

function linesOf(rows: readonly Readonly<Record<string, unknown>>[]): [string, Line][] {
  return rows.map(({ topic, partition, next_offset: next, epoch }) => [
    keyOf({ topic: topic as string, partition: Number(partition) }),
    { next: next === null ? undefined : Number(next), epoch: BigInt(epoch as bigint) },
  ]);
}
