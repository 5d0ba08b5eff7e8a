import { UsageError } from '../errors.js';
import { printable } from '../printable.js';

/** Kafka's own rule for topic names (org.apache.kafka.common.internals.Topic). */
const LEGAL = /^[a-zA-Z0-9._-]{1,249}$/;

/** Longer expressions are no list of topics: compiling one, and matching with it, would take for ever. */
const LONGEST_REGEX = 10_000;
/** What an error shows of a name or an expression. */
const SHOWN = 300;

export const isRegex = (topic: string): boolean => topic.startsWith('^');

/**
 * Checks a topic name, or a regular expression that begins with `^`.
 * @param where the setting that holds it, for the error.
 * @throws UsageError with what to write instead.
 */
export function checkTopic(topic: string, where: string): void {
  const problem = isRegex(topic) ? regexProblem(topic) : topicNameProblem(topic);
  if (problem !== undefined) {
    throw new UsageError(`${where}: '${printable(topic, SHOWN)}' ${problem}`, { code: 'APF_SETTINGS' });
  }
}

/** What is wrong with a topic's name, to be read after it; undefined for a legal one. */
export function topicNameProblem(topic: string): string | undefined {
  if (LEGAL.test(topic) && topic !== '.' && topic !== '..') return undefined;
  if (topic.includes('%s')) {
    return "holds %s: a stream with a topic a day is read with TOPIC_STRATEGY and its 'topic_format'";
  }
  if (/[*?]/.test(topic) && topic.length < SHOWN)
    return `is not a topic name; write the regular expression '${fromGlob(topic)}'`;
  return 'is not a legal topic name: Kafka allows letters, digits, dot, underscore and dash, 249 at most';
}

const fromGlob = (glob: string): string =>
  '^' + glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');

/** librdkafka hands the expression to the C library (POSIX extended), which takes less than JavaScript does. */
function regexProblem(topic: string): string | undefined {
  if (topic.length > LONGEST_REGEX)
    return `is a regular expression of ${topic.length} characters; ${LONGEST_REGEX} at most are taken`;
  if (/\\d/i.test(topic)) return "uses \\d, which Kafka's client does not know; write [0-9]";
  if (topic.includes('(?')) return "uses (?…), which Kafka's client does not know; write a plain group (…)";
  try {
    new RegExp(topic);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.split(': ').at(-1) ?? '';
    return `is not a regular expression (${reason.toLowerCase()})`;
  }
}
