import { KafkaRangeSource, KafkaSource, type OffsetRange } from '@apf/connectors';
import { FixedTopics, type Logger, type RunStats, type Source, systemClock } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import type { StreamPlan } from './stream-plan.js';

/** The source of a stream: a member of a group, or without one the ranges themselves. */
export function streamSource(
  plan: StreamPlan,
  to: Connection,
  ranges: readonly OffsetRange[],
  around: { readonly stats: RunStats; readonly logger: Logger; readonly openTimeout?: number },
): Source {
  const shared = { ...around, clock: systemClock };
  const { group, until, byObservation } = plan;
  const endTime = byObservation || until === undefined || until <= Date.now() ? undefined : until;
  if (group === undefined) return new KafkaRangeSource({ params: to.params, ranges, endTime, ...shared });
  return new KafkaSource({
    params: { ...to.params, 'group.id': group, 'auto.offset.reset': plan.from },
    topics: new FixedTopics(plan.topics),
    ranges:
      plan.since !== undefined || plan.tail !== undefined || plan.untilEnd || until !== undefined
        ? ranges
        : undefined,
    ...(endTime === undefined ? {} : { offsets: { end: endTime } }),
    ...shared,
  });
}

/** With what the broker is asked about the stream: its group's offsets too. */
export function lookupParams(to: Connection, { group }: StreamPlan): Connection['params'] {
  return group === undefined ? to.params : { ...to.params, 'group.id': group };
}
