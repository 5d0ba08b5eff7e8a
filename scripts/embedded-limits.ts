/**
 * What cannot be tested on the embedded broker (librdkafka's `test.mock.num.brokers`), and why. A test that names a key
 * of this list runs on a real Kafka only. Whatever else fails on the embedded broker and not on Kafka is a defect of ours.
 */
export const EMBEDDED_LIMITS = {
  acl: 'it has no users and no ACLs: everything is permitted',
  sasl: 'it has no SASL and no TLS: every client is let in',
  admin: 'it makes a topic when one is named, of 4 partitions; creating, deleting and describing time out',
  absentTopic: 'a topic that does not exist cannot be had: naming it makes it',
  groups: 'it cannot list or describe consumer groups',
  rebalance: 'every join after the first waits out the session time-out',
  regexLater: 'topics that appear after the first join do not join a regex subscription',
  times: 'offsetsForTimes answers -1 for every time',
  transactions: 'aborted transactions are read like any others, and offsets sent in one are not committed',
  expired: 'records cannot be deleted, so no committed offset can expire',
  volume: 'it holds about 5 MB or 100,000 messages a partition and silently forgets the oldest',
  largeMessages: 'a message above 8 MB is refused',
  restart: 'it lives in the process that started it and forgets everything with it',
} as const;

export type EmbeddedLimit = keyof typeof EMBEDDED_LIMITS;
