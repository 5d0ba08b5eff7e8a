import {
  deadLetterClass,
  FixedTopics,
  metricsClass,
  producerClass,
  type ResolvedProducer,
  type ResolvedSettings,
  systemClock,
  type TopicStrategySettings,
} from '@apf/core';
import { producerOf } from '../dead-letters/replay-to-source.js';
import type { Params } from '../kafka/client-params.js';
import type { Custom } from '../wiring/load-class.js';
import { topicStrategy } from '../wiring/topic-strategy.js';
import type { TopicAccess } from './broker-view.js';
import { examineBroker } from './examine-broker.js';
import type { Report } from './finding.js';

/** Something that goes to topics. */
interface Output {
  readonly role: string;
  readonly params: Params;
  readonly topics: string | readonly string[] | undefined;
  readonly strategy?: TopicStrategySettings | undefined;
}

/** Whether the topics that a step writes to are there, and may be written to; nothing is written. */
export async function examineOutputs(
  settings: ResolvedSettings,
  custom: Custom,
  report: Report,
): Promise<void> {
  const now = new Date(systemClock.now());
  for (const { role, params, topics, strategy } of outputsOf(settings)) {
    const broker = await examineBroker(producerOf(params), role, report);
    if (!broker) continue;
    try {
      const chosen =
        topics === undefined && strategy
          ? await topicStrategy(undefined, strategy, role, custom)
          : new FixedTopics(topics ?? [], `settings: ${role}`);
      const names = chosen.topics(now);
      const access = await broker.access(names);
      const existing = await broker.lookup.topics();
      for (const name of names) {
        const found = access.get(name) ?? untold(existing.has(name));
        sayOutput(role, name, found, access.has(name), report);
      }
    } finally {
      await broker.lookup.close();
    }
  }
}

/** What a broker that tells no permissions lets one know. */
const untold = (isThere: boolean): TopicAccess => ({
  state: isThere ? 'there' : 'absent',
  mayRead: true,
  mayWrite: true,
});

function sayOutput(
  role: string,
  name: string,
  { state, mayWrite }: TopicAccess,
  isTold: boolean,
  report: Report,
): void {
  if (!mayWrite) {
    report({
      check: 'output',
      status: 'fail',
      message: `${role}: this account may not write to ${state === 'there' ? 'the' : 'a'} topic '${name}'`,
      remedy: "ask the broker's operators for WRITE on it, or correct its name",
    });
  } else if (state === 'there') {
    const may = isTold
      ? ', and may be written to'
      : '; whether it may be written to the broker does not tell';
    report({ check: 'output', status: 'ok', message: `${role}: topic '${name}' is there${may}` });
  } else {
    report({
      check: 'output',
      status: 'warn',
      message: `${role}: topic '${name}' is not there${isTold ? '' : ', or may not be seen'}`,
      remedy: 'create it, unless the broker makes topics by itself',
    });
  }
}

function outputsOf({
  PRODUCER_CONFIG,
  SIDE_OUTPUTS,
  DEAD_LETTERS,
  METRICS_CONFIG,
}: ResolvedSettings): Output[] {
  const outputs: Output[] = [];
  const producers: (readonly [role: string, section: ResolvedProducer])[] = [
    ...(PRODUCER_CONFIG ? [['PRODUCER_CONFIG', PRODUCER_CONFIG] as const] : []),
    ...Object.entries(SIDE_OUTPUTS).map(([name, section]) => [`SIDE_OUTPUTS.${name}`, section] as const),
  ];
  for (const [role, { CLASS, PARAMS, TOPIC, TOPIC_STRATEGY }] of producers) {
    if (producerClass(CLASS, `${role}.CLASS`).kind === 'kafka')
      outputs.push({ role, params: PARAMS, topics: TOPIC, strategy: TOPIC_STRATEGY });
  }
  if (deadLetterClass(DEAD_LETTERS.CLASS, 'DEAD_LETTERS.CLASS').kind === 'kafka')
    outputs.push({ role: 'DEAD_LETTERS', params: DEAD_LETTERS.PARAMS, topics: DEAD_LETTERS.TOPIC });
  if (METRICS_CONFIG && metricsClass(METRICS_CONFIG.CLASS, 'METRICS_CONFIG.CLASS').kind === 'kafka') {
    const { PARAMS, TOPIC, TOPIC_STRATEGY } = METRICS_CONFIG;
    outputs.push({ role: 'METRICS_CONFIG', params: PARAMS, topics: TOPIC, strategy: TOPIC_STRATEGY });
  }
  return outputs;
}
