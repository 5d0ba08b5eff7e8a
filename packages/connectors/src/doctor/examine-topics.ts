import { type Codec, nearest, toError, type TopicPartition, type TopicStrategy } from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import type { PartitionBounds } from '../kafka/offset-lookup.js';
import { partitionsOf } from '../kafka/partitions-of.js';
import type { TopicAccess } from './broker-view.js';
import type { ExaminedBroker } from './examine-broker.js';
import { examineMessages } from './examine-messages.js';
import type { Report } from './finding.js';

export interface ConsumerExamination {
  readonly broker: ExaminedBroker;
  readonly params: Params;
  readonly topics: TopicStrategy;
  readonly codec: Codec;
  readonly now: number;
  readonly report: Report;
}

const MANY = 5;

/** What a consumer will find: topics, permissions, offsets, lag, and whether a message can be decoded. */
export async function examineTopics(examination: ConsumerExamination): Promise<void> {
  const { broker, topics, now, report } = examination;
  const { lookup } = broker;
  const wanted = topics.topics(new Date(now));
  const existing = await lookup.topics();
  const names = [...existing.keys()].filter((name) => !name.startsWith('__'));
  const access = await broker.access(wanted.filter((topic) => !topic.startsWith('^')));
  for (const topic of wanted) {
    if (partitionsOf([topic], existing).length === 0)
      sayMissing(topic, names, access.get(topic)?.state, examination);
  }
  const partitions = partitionsOf(wanted, existing);
  unsubscribed(wanted, names, partitions, report);
  if (partitions.length === 0) return;
  const unreadable = await examineReading(partitions, examination);
  const bounds = await lookup.bounds(partitions);
  if (!(await examineGroup(bounds, examination)) || unreadable) return;
  await examineMessages(bounds, examination);
}

/** What may be seen need not be what may be read. @returns whether any topic may not */
async function examineReading(
  partitions: readonly TopicPartition[],
  { broker, report }: ConsumerExamination,
): Promise<boolean> {
  const access = await broker.access([...new Set(partitions.map(({ topic }) => topic))]);
  const unreadable = [...access].filter(([, { mayRead }]) => !mayRead).map(([topic]) => topic);
  for (const topic of unreadable) {
    report({
      check: 'permission',
      status: 'fail',
      message: `this account may see the topic '${topic}', and may not read it`,
      remedy: "ask the broker's operators for READ on it",
    });
  }
  return unreadable.length > 0;
}

/** A topic that may not be seen may be there or not: only of one that may be seen does the broker say that it is absent. */
function sayMissing(
  topic: string,
  names: readonly string[],
  state: TopicAccess['state'] | undefined,
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
  // Another day's topic is no misspelling.
  const isMisspelt = near !== undefined && withoutDigits(near) !== withoutDigits(topic);
  const proposal = isMisspelt ? `did you mean '${near}'? ` : '';
  const isUncertain = state === undefined && params['sasl.username'] !== undefined;
  // The topic of a day appears with its first alert.
  const daily = topics.nextChange(new Date(now)) !== null;
  if (state === 'hidden') {
    report({
      check: 'topics',
      status: 'fail',
      message: `this account may not see a topic '${topic}'; the broker does not say whether there is one`,
      remedy: `${proposal}correct its name, or ask the broker's operators for READ and DESCRIBE on it`,
    });
    return;
  }
  const ask = isUncertain ? ", or ask the broker's operators for READ and DESCRIBE on it" : '';
  report({
    check: 'topics',
    status: daily ? 'warn' : 'fail',
    message: `topic '${topic}' is not on the broker${isUncertain ? ', or this account may not see it' : ''}`,
    remedy: `${proposal}${daily ? 'it is read as soon as it appears' : 'correct its name, or create it'}${ask}`,
  });
}

const withoutDigits = (name: string): string => name.replaceAll(/\d/g, '');

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
  { broker: { lookup }, params, report }: ConsumerExamination,
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
