import { identityOf } from '@apf/alerts';
import {
  AvroFileSource,
  KafkaRangeSource,
  OffsetLookup,
  partitionsOf,
  resolveRanges,
  selectWhere,
  StoredAlerts,
} from '@apf/connectors';
import {
  END,
  FatalError,
  type Framing,
  newStats,
  PoisonError,
  printable,
  type RawMessage,
  silent,
  type Source,
  StreamCodec,
  systemClock,
  UsageError,
} from '@apf/core';
import { connection } from '../connection/connection.js';
import { counted } from '../consume/consumed.js';
import { schemaSources, type StreamSchemas } from '../consume/schema-sources.js';
import { inDatabase } from '../database/database-options.js';
import type { AlertOptions } from './alert-options.js';

const POLL = 100;

/** All alerts of an object, or the one of an id, in the order in which they are found. */
export async function findAlerts(id: string, options: AlertOptions): Promise<unknown[]> {
  const places = [options.in, options.topic, options.db || options.database].filter(Boolean).length;
  if (places > 1) throw new UsageError('name one place to look in: --in, --topic or --db');
  if (options.db || options.database !== undefined) return storedAlerts(id, options);
  const place =
    options.topic === undefined
      ? { source: fileSource(options.in ?? ['.']), schemas: schemaSources(options, {}) }
      : await topicPlace(options, options.topic);
  const found: unknown[] = [];
  const unreadable: Error[] = [];
  for await (const alert of alertsOf(place, { id, onUnreadable: (error) => unreadable.push(error) })) {
    const identity = identityOf(alert);
    if (identity?.objectId === id || identity?.alertId === id) found.push(alert);
  }
  const [first] = unreadable;
  if (first)
    console.error(
      `apf: ${counted(unreadable.length, 'message')} could not be read, and ${unreadable.length === 1 ? 'was' : 'were'} not looked at: ${printable(first.message, 200)}`,
    );
  return found;
}

/** All alerts of a file. @throws PoisonError or FatalError for one that cannot be read */
export async function alertsInFile(path: string, options: AlertOptions): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const alert of alertsOf({ source: fileSource([path]), schemas: schemaSources(options, {}) }))
    found.push(alert);
  return found;
}

/** Where alerts are, and what they are read with. */
interface Place {
  readonly source: Source;
  readonly schemas: StreamSchemas & { readonly framing?: Framing | undefined };
}

/** Where the ids of alerts stand that an alert is looked for by: all that is read of the others. */
const ID_FIELDS = [
  'objectId?',
  'candid?',
  'candidate.candid?',
  'diaSourceId?',
  'diaSource.diaSourceId?',
  'diaSource.diaObjectId?',
  'diaSource.ssObjectId?',
  'diaObject.diaObjectId?',
  'mpc_orbits.designation?',
  'ssSource.designation?',
];

interface Search {
  /** Only alerts that have it as an id. */
  readonly id?: string;
  /** Told of messages that cannot be read, which are left out; where it is absent they are an error. */
  readonly onUnreadable?: (error: Error) => void;
}

async function* alertsOf(
  { source, schemas }: Place,
  { id, onUnreadable }: Search = {},
): AsyncGenerator<unknown> {
  const codec = new StreamCodec(schemas);
  const ids = id === undefined ? undefined : new StreamCodec({ ...schemas, fields: ID_FIELDS });
  const { signal } = new AbortController();
  await source.open({ revoked: async () => undefined, lost: () => undefined });
  try {
    for (;;) {
      const messages = await source.poll(POLL, signal);
      if (messages === END) return;
      await codec.prepare(messages);
      await ids?.prepare(messages);
      for (const message of messages) {
        if (ids && !valuesOf(ids, message, onUnreadable).some((alert) => holds(alert, id!))) continue;
        yield* valuesOf(codec, message, onUnreadable);
      }
    }
  } finally {
    await source.close();
  }
}

function valuesOf(
  codec: StreamCodec,
  message: RawMessage,
  onUnreadable: ((error: Error) => void) | undefined,
): unknown[] {
  try {
    if (message.unreadable) throw message.unreadable;
    return message.value ? codec.decode(message.value, message).map(({ value }) => value) : [];
  } catch (error) {
    if (!onUnreadable || !(error instanceof PoisonError)) throw error;
    onUnreadable(error);
    return [];
  }
}

/** Whether any of an alert's values is this id. */
function holds(value: unknown, id: string): boolean {
  if (typeof value === 'object' && value !== null)
    return Object.values(value).some((inner) => holds(inner, id));
  return value !== undefined && value !== null && `${value as string | number | bigint}` === id;
}

function fileSource(paths: readonly string[]): Source {
  return new AvroFileSource({ paths, logger: silent });
}

async function topicPlace(options: AlertOptions, topic: string): Promise<Place> {
  const { params, servers, profile } = await connection(options);
  const schemas = { ...schemaSources(options, profile, { servers }), framing: profile.framing };
  const lookup = await OffsetLookup.open({ params });
  try {
    const partitions = partitionsOf([topic], await lookup.topics());
    if (partitions.length === 0)
      throw new FatalError(
        `there is no topic '${topic}', or you may not see it: apf kafka topics lists them`,
        {
          code: 'APF_TOPIC',
        },
      );
    const bounds = await lookup.bounds(partitions);
    const ranges = await resolveRanges(lookup, bounds, { untilEnd: true, now: systemClock.now() });
    const source = new KafkaRangeSource({
      params,
      ranges,
      logger: silent,
      clock: systemClock,
      stats: newStats(),
    });
    return { source, schemas };
  } finally {
    await lookup.close();
  }
}

async function storedAlerts(id: string, options: AlertOptions): Promise<unknown[]> {
  return inDatabase(options, true, async (database) => {
    const stored = new StoredAlerts(database);
    const { rows } = await selectWhere(database, 'alert', 'oid', [id]);
    const ids = rows.map(({ candid }) => BigInt(candid as bigint));
    if (ids.length === 0 && /^\d{1,19}$/.test(id)) ids.push(BigInt(id));
    const found = await Promise.all(ids.map((candid) => stored.find(candid)));
    return found.flatMap((row) => (row ? [row.alert] : []));
  });
}
