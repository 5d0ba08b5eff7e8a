import { printable, topicNameProblem, UsageError } from '@apf/core';

export const SCRAM_MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type ScramMechanism = (typeof SCRAM_MECHANISMS)[number];

/** @throws UsageError (APF_TOPIC) for what Kafka takes as no topic's name; control characters in it are not printed. */
export function checkTopicName(name: string): string {
  const problem = topicNameProblem(name);
  if (problem === undefined) return name;
  throw new UsageError(`'${printable(name)}' ${printable(problem, 200)}`, { code: 'APF_TOPIC' });
}

/** @throws UsageError for a name that a person could not type, or that means everybody. */
export function checkUserName(name: string): string {
  if (/^[^\s\p{C}*:]{1,255}$/u.test(name)) return name;
  throw new UsageError(
    `'${printable(name)}' cannot name a user: use no space, control character, colon or star, and at most 255 characters`,
  );
}

/** @throws UsageError for a password that is empty, or that SCRAM's preparation (RFC 4013) would change or refuse. */
export function checkPassword(password: string): string {
  if (/^[\x20-\x7e]{1,1000}$/.test(password)) return password;
  throw new UsageError(
    'a password has at least one and at most 1000 characters, of those that an English keyboard has: clients differ in how they write others',
  );
}
