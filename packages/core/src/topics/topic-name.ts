import { UsageError } from '../errors.js';

/** Kafka's own rule for topic names (org.apache.kafka.common.internals.Topic). */
const LEGAL = /^[a-zA-Z0-9._-]{1,249}$/;

export const isRegex = (topic: string): boolean => topic.startsWith('^');

/**
 * Checks a topic name, or a regular expression that begins with `^`.
 * @param where the setting that holds it, for the error.
 * @throws UsageError with what to write instead.
 */
export function checkTopic(topic: string, where: string): void {
  const problem = isRegex(topic) ? regexProblem(topic) : topicNameProblem(topic);
  if (problem !== undefined) {
    throw new UsageError(`${where}: '${topic}' ${problem}`, { code: 'APF_SETTINGS' });
  }
}

/** What is wrong with a topic's name, to be read after it; undefined for a legal one. */
export function topicNameProblem(topic: string): string | undefined {
  if (LEGAL.test(topic) && topic !== '.' && topic !== '..') return undefined;
  if (topic.includes('%s')) {
    return "holds %s: a stream with a topic a day is read with TOPIC_STRATEGY and its 'topic_format'";
  }
  if (/[*?]/.test(topic)) return `is not a topic name; write the regular expression '${fromGlob(topic)}'`;
  return 'is not a legal topic name: Kafka allows letters, digits, dot, underscore and dash, 249 at most';
}

const fromGlob = (glob: string): string =>
  '^' + glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');

/** librdkafka hands the expression to the C library (POSIX extended), which takes less than JavaScript does. */
function regexProblem(topic: string): string | undefined {
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
