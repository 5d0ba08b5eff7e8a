import {
  type Codec,
  END,
  inspectFile,
  nearest,
  newStats,
  type RawMessage,
  silent,
  systemClock,
  toError,
  type TopicPartition,
  type TopicStrategy,
} from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import { KafkaRangeSource } from '../kafka/kafka-range-source.js';
import type { OffsetLookup, PartitionBounds } from '../kafka/offset-lookup.js';
import type { OffsetRange } from '../kafka/offset-range.js';
import { partitionsOf } from '../kafka/partitions-of.js';
import { resolveRanges } from '../kafka/resolve-ranges.js';
import { parted } from './examine-broker.js';
import type { Report } from './finding.js';

export interface ConsumerExamination {
  readonly lookup: OffsetLookup;
  readonly params: Params;
  readonly topics: TopicStrategy;
  readonly codec: Codec;
  readonly now: number;
  readonly report: Report;
}

/** How long a topic that does not answer is tried, in ms. */
const PATIENCE = 5_000;
const MANY = 5;

/** What a consumer will find: topics, permissions, offsets, lag, and whether a message can be decoded. */
export async function examineTopics(examination: ConsumerExamination): Promise<void> {
  const { lookup, topics, now, report } = examination;
  const wanted = topics.topics(new Date(now));
  const existing = await lookup.topics();
  const names = [...existing.keys()].filter((name) => !name.startsWith('__'));
  for (const topic of wanted) {
    if (partitionsOf([topic], existing).length === 0) sayMissing(topic, names, examination);
  }
  const partitions = partitionsOf(wanted, existing);
  unsubscribed(wanted, names, partitions, report);
  if (partitions.length === 0) return;
  const bounds = await lookup.bounds(partitions);
  if (await examineGroup(bounds, examination)) await examineMessage(bounds, examination);
}

/** A broker with accounts does not tell a topic that may not be seen from one that is not there. */
function sayMissing(
  topic: string,
  names: readonly string[],
  { params, report, topics, now }: ConsumerExamination,
): void {
  if (topic.startsWith('^')) {
    report({
      check: 'topics',
      status: 'warn',
      message: `no topic matches ${topic}`,
      remedy: 'it is read as soon as one appears; check the expression, and the permission to see topics',
    });
    return;
  }
  const near = nearest(topic, names);
  const proposal = near === undefined ? '' : `did you mean '${near}'? `;
  const hasAccount = params['sasl.username'] !== undefined;
  // The topic of a day appears with its first alert.
  const daily = topics.nextChange(new Date(now)) !== null;
  const ask = hasAccount ? ", or ask the broker's operators for READ and DESCRIBE on it" : '';
  report({
    check: 'topics',
    status: daily ? 'warn' : 'fail',
    message: `topic '${topic}' is not on the broker${hasAccount ? ', or this account may not see it' : ''}`,
    remedy: `${proposal}${daily ? 'it is read as soon as it appears' : 'correct its name, or create it'}${ask}`,
  });
}

/** What begins as a topic that is read, and is not read itself: a forgotten program or survey. */
function unsubscribed(
  wanted: readonly string[],
  names: readonly string[],
  partitions: readonly TopicPartition[],
  report: Report,
): void {
  const read = new Set(partitions.map(({ topic }) => topic));
  const prefixes = new Set(wanted.map(prefixOf).filter((prefix) => prefix.length >= 3));
  const others = names.filter(
    (name) => !read.has(name) && [...prefixes].some((prefix) => name.startsWith(prefix)),
  );
  if (read.size > 0) {
    report({ check: 'topics', status: 'ok', message: `there: ${some([...read])}` });
  }
  if (others.length === 0) return;
  report({
    check: 'unsubscribed',
    status: 'warn',
    message: `${others.length} topics that begin as yours are not read: ${some(others.sort().reverse())}`,
    remedy: 'add them to TOPICS, or raise retention_days, if their alerts are wanted',
  });
}

/** The part of a name before its date, or before what makes it an expression; else up to its last separator. */
function prefixOf(topic: string): string {
  const plain = /^\^?([A-Za-z._-]*)/.exec(topic)?.[1] ?? '';
  return plain === topic
    ? topic.slice(0, Math.max(...['.', '_', '-'].map((mark) => topic.lastIndexOf(mark))) + 1)
    : plain;
}

const some = (names: readonly string[]): string =>
  names.length > MANY
    ? `${names.slice(0, MANY).join(', ')} and ${names.length - MANY} more`
    : names.join(', ');

/** @returns false where the group may not be used: nothing can be read with it. */
async function examineGroup(
  bounds: readonly PartitionBounds[],
  { lookup, params, report }: ConsumerExamination,
): Promise<boolean> {
  const group = String(params['group.id']);
  let committed: readonly (number | undefined)[];
  try {
    committed = await lookup.committed(bounds);
  } catch (error) {
    report({
      check: 'group',
      status: 'fail',
      message: `group '${group}' may not be used: ${toError(error).message}`,
      remedy: "begin PARAMS['group.id'] with the prefix that the broker's operators gave you",
    });
    return false;
  }
  const held = bounds.reduce((sum, { low, high }) => sum + high - low, 0);
  const fresh = committed.filter((offset) => offset === undefined).length;
  const lag = bounds.reduce((sum, { low, high }, i) => sum + high - Math.max(low, committed[i] ?? low), 0);
  const lost = bounds.reduce((sum, { low }, i) => sum + Math.max(0, low - (committed[i] ?? low)), 0);
  const from = fresh === bounds.length ? 'has read nothing yet' : `is ${lag} messages behind`;
  report({ check: 'group', status: 'ok', message: `group '${group}' may be used, and ${from}` });
  if (held === 0) {
    report({
      check: 'empty',
      status: 'warn',
      message: 'the topics hold no message at present',
      remedy: 'nothing is wrong if none was sent lately; else ask whoever sends the alerts',
    });
  }
  if (lost > 0) {
    report({
      check: 'lag',
      status: 'fail',
      message: `${lost} messages were deleted by the broker before the group has read them`,
      remedy: 'they are lost to this group; run the step more often, or on more partitions',
    });
  } else if (lag > 0 && fresh < bounds.length) {
    report({
      check: 'lag',
      status: 'warn',
      message: `${lag} messages wait to be read`,
      remedy: 'if it grows while the step runs: more WORKERS, or a faster execute',
    });
  }
  return true;
}

async function examineMessage(
  bounds: readonly PartitionBounds[],
  { lookup, params, codec, now, report }: ConsumerExamination,
): Promise<void> {
  const filled = bounds.filter(({ low, high }) => high > low);
  if (filled.length === 0) return;
  let message: RawMessage | undefined;
  try {
    message = await firstOf(await resolveRanges(lookup, filled, { tail: 1, untilEnd: true, now }), params);
  } catch (error) {
    const [what, remedy] = parted(toError(error).message);
    report({ check: 'permission', status: 'fail', message: what, remedy });
    return;
  }
  if (!message?.value) return;
  const { topic, partition, offset, timestamp, value } = message;
  const where = `${topic}[${partition}] at ${offset}`;
  try {
    await codec.prepare?.([message]);
    const alerts = codec.decode(value, message);
    const age =
      timestamp === undefined ? '' : `, ${Math.max(0, Math.round((now - timestamp) / 60_000))} min old`;
    report({
      check: 'decode',
      status: 'ok',
      message: `the message ${where} decodes: ${alerts.length} alerts, ${value.length} bytes${age}`,
    });
  } catch (error) {
    const { description } = await inspectFile(value);
    const looks =
      description.framing === 'none'
        ? ''
        : `; it looks like ${description.framing === 'ocf' ? 'container' : description.framing}`;
    report({
      check: 'decode',
      status: 'fail',
      message: `the message ${where} cannot be decoded: ${toError(error).message}`,
      remedy: `check FRAMING and the schema in CONSUMER_CONFIG${looks}`,
    });
  }
  if (timestamp !== undefined && timestamp > now + 5_000) {
    report({
      check: 'clock',
      status: 'warn',
      message: `the message ${where} is ${Math.round((timestamp - now) / 1_000)} s from the future`,
      remedy: "set this machine's clock, or tell the sender: topics by date change by it",
    });
  }
}

/** The first message of these ranges; undefined where none comes in time. */
async function firstOf(ranges: readonly OffsetRange[], params: Params): Promise<RawMessage | undefined> {
  const source = new KafkaRangeSource({
    params,
    ranges,
    logger: silent,
    clock: systemClock,
    stats: newStats(),
  });
  const signal = AbortSignal.timeout(PATIENCE);
  await source.open();
  try {
    while (!signal.aborted) {
      const polled = await source.poll(1, signal);
      if (polled === END) return undefined;
      if (polled[0]) return polled[0];
    }
    return undefined;
  } finally {
    await source.close();
  }
}
