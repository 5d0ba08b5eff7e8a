import { createContext, runInContext } from 'node:vm';
import { topicNameProblem, UsageError } from '@apf/core';

/** What stands for the filter's name in a pattern. */
const PLACE = '{filter}';

export interface TopicNaming {
  readonly prefix?: string | undefined;
  /** `fink_{filter}_ztf`. */
  readonly pattern?: string | undefined;
}

/**
 * The topic of each filter: its name, after the prefix or in the place that the pattern has for it.
 * @param inputs the topics that are read, regular expressions included: none of them may be written to.
 * @throws UsageError for names that Kafka does not take, two filters with one topic, and a loop
 */
export function outputTopics(
  names: readonly string[],
  { prefix, pattern }: TopicNaming,
  inputs: readonly string[],
): string[] {
  if (prefix !== undefined && pattern !== undefined)
    throw new UsageError('--topic-prefix and --topic-pattern exclude each other');
  const parts = (pattern ?? `${prefix ?? ''}${PLACE}`).split(PLACE);
  if (parts.length !== 2)
    throw new UsageError(`--topic-pattern has ${PLACE} once, where the filter's name is to stand`);
  return names.map((name) => {
    const topic = parts.join(name);
    const problem = topicNameProblem(topic);
    if (problem)
      throw new UsageError(`the topic ${JSON.stringify(topic.slice(0, 260))} of filter '${name}' ${problem}`);
    if (readsTopic(inputs, topic))
      throw new UsageError(
        `filter '${name}' would write to '${topic}', which is read: name its topic with --topic-prefix or --topic-pattern`,
      );
    return topic;
  });
}

/** Whether a topic is among those that are read, regular expressions included. */
export function readsTopic(inputs: readonly string[], topic: string): boolean {
  return inputs.some((input) => (input.startsWith('^') ? matches(input, topic) : input === topic));
}

/** How long an expression may take for one name, in ms: some take longer than the universe. */
const PATIENCE = 500;

function matches(expression: string, topic: string): boolean {
  try {
    // Of the texts only the pattern and what it is tried on get in; the time limit ends even a match under way.
    const context = createContext({ expression, topic });
    return runInContext('new RegExp(expression).test(topic)', context, { timeout: PATIENCE }) === true;
  } catch {
    throw new UsageError(
      `the regular expression ${JSON.stringify(expression.slice(0, 60))} of the topics to read takes too long`,
    );
  }
}
