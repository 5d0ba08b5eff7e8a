import type { Mark } from '@apf/core';
import type { Session } from './session.js';

/** Where `UNIQUE` keeps which alerts were done. */
export const SEEN_TABLE = 'apf_seen';

export const seenTable = (text: string, bigint: string): readonly string[] => [
  `create table if not exists ${SEEN_TABLE} (consumer ${text} not null, alert ${text} not null, ` +
    `at ${bigint} not null, primary key (consumer, alert))`,
  `create index if not exists ${SEEN_TABLE}_at on ${SEEN_TABLE} (consumer, at)`,
];

const AT_ONCE = 500;
/** Old marks are deleted so many at a time, and so often, in ms. */
const FEW = 5_000;
const EVERY = 60_000;

export interface Query {
  (sql: string, parameters: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Remembers alerts for a while, by their keys. */
export class SeenAlerts {
  private cleaned = -Infinity;

  /**
   * @param consumer the group
   * @param ttl how long an alert is remembered, in ms
   */
  constructor(
    private readonly consumer: string,
    private readonly ttl: number,
  ) {}

  /** Which keys are known. @param now ms since 1970 */
  async known(query: Query, marks: readonly Mark[], now: number): Promise<readonly boolean[]> {
    const found = new Set<unknown>();
    for (const some of chunks([...new Set(marks.map(({ key }) => key))])) {
      const rows = await query(
        `select alert from ${SEEN_TABLE} where consumer = $1 and at > $2 and alert in (${list(some, 3)})`,
        [this.consumer, BigInt(now - this.ttl), ...some],
      );
      for (const { alert } of rows) found.add(alert);
    }
    return marks.map(({ key }) => found.has(key));
  }

  /** Notes these alerts, in the transaction of their rows. @returns those that somebody else has noted before */
  async note(session: Session, marks: readonly Mark[], now: number): Promise<readonly Mark[]> {
    const won = new Set<unknown>();
    // Always in the same order, so that no two processes wait for each other.
    for (const some of chunks([...new Set(marks.map(({ key }) => key))].sort())) {
      const rows = await session.run(
        `insert into ${SEEN_TABLE} as seen (consumer, alert, at) values ${some.map((_, i) => `($1, $${i + 4}, $2)`).join(', ')} ` +
          `on conflict (consumer, alert) do update set at = excluded.at where seen.at <= $3 returning alert`,
        [this.consumer, BigInt(now), BigInt(now - this.ttl), ...some],
      );
      for (const { alert } of rows) won.add(alert);
    }
    return marks.filter(({ key }) => !won.has(key));
  }

  /** Deletes some of what is forgotten, every now and then. */
  async clean(session: Session, now: number): Promise<void> {
    if (now - this.cleaned < EVERY) return;
    const old = await session.run(
      `delete from ${SEEN_TABLE} where (consumer, alert) in ` +
        `(select consumer, alert from ${SEEN_TABLE} where consumer = $1 and at <= $2 limit ${FEW}) returning 1`,
      [this.consumer, BigInt(now - this.ttl)],
    );
    // Where there may be more the next transaction goes on.
    if (old.length < FEW) this.cleaned = now;
  }
}

function* chunks(keys: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < keys.length; i += AT_ONCE) yield keys.slice(i, i + AT_ONCE);
}

const list = (keys: readonly string[], from: number): string => keys.map((_, i) => `$${i + from}`).join(', ');
