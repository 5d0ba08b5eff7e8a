import RdKafka from 'node-rdkafka';
import type { ApfError } from '@apf/core';
import { FatalError } from '@apf/core';
import { zstdAvailable } from './zstd.js';

const { ERRORS } = RdKafka.CODES;

/** What an error message can say of where it happened. */
export interface Scene {
  readonly brokers: string;
  readonly group?: string | undefined;
  readonly topics?: readonly string[];
}

/** The code of an error of librdkafka, or undefined for one that has none. */
export function kafkaCode(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' && code !== -1 ? code : undefined;
}

export function kafkaText(error: unknown): string {
  return (error as { message?: string } | null)?.message ?? String(error);
}

/** Errors of `consume` after which going on is useless, each with its one line. */
const CONSUME_ERRORS = new Map<number, (scene: Scene, hasZstd: boolean) => ApfError>([
  [ERRORS.ERR_TOPIC_AUTHORIZATION_FAILED, topicRefused],
  [ERRORS.ERR_GROUP_AUTHORIZATION_FAILED, groupRefused],
  [
    ERRORS.ERR__NOT_IMPLEMENTED,
    ({ topics }, hasZstd) =>
      hasZstd
        ? new FatalError(
            `this build of node-rdkafka cannot read ${list(topics)}: the compression of its messages is not built in`,
          )
        : new FatalError(
            `${list(topics)} is compressed with zstd, which this build of node-rdkafka cannot read: ` +
              'install libzstd-dev (Debian: apt-get install libzstd-dev), then build it again: npm rebuild node-rdkafka',
            { code: 'APF_ZSTD' },
          ),
  ],
  [
    ERRORS.ERR_INCONSISTENT_GROUP_PROTOCOL,
    ({ group }) =>
      new FatalError(
        `other members of group '${group}' share partitions in another way: set PARAMS['partition.assignment.strategy'] as theirs ('range,roundrobin' is librdkafka's default), or stop them first`,
        { code: 'APF_SETTINGS' },
      ),
  ],
  [
    ERRORS.ERR_INVALID_GROUP_ID,
    ({ group }) =>
      new FatalError(`the broker does not take '${group}' as a group id`, { code: 'APF_SETTINGS' }),
  ],
  [
    ERRORS.ERR_INVALID_SESSION_TIMEOUT,
    () =>
      new FatalError(
        "the broker does not permit this PARAMS['session.timeout.ms']; its own limits are 6000 to 1800000",
        {
          code: 'APF_SETTINGS',
        },
      ),
  ],
  [
    ERRORS.ERR_MSG_SIZE_TOO_LARGE,
    ({ topics }) =>
      new FatalError(
        `a message of ${list(topics)} is larger than PARAMS['receive.message.max.bytes'] and 'fetch.message.max.bytes' allow; raise them`,
        { code: 'APF_SETTINGS' },
      ),
  ],
  [
    ERRORS.ERR__BAD_COMPRESSION,
    ({ topics }) =>
      new FatalError(`a compressed block of ${list(topics)} is damaged on the broker`, { code: 'APF_CODEC' }),
  ],
]);

/** The error to end the run with, or undefined where the client recovers by itself. */
export function fatalConsumeError(
  error: unknown,
  scene: Scene,
  hasZstd = zstdAvailable(),
): ApfError | undefined {
  return CONSUME_ERRORS.get(kafkaCode(error) ?? 0)?.(scene, hasZstd);
}

export function topicRefused({ topics, brokers }: Scene): FatalError {
  return new FatalError(
    `the broker ${brokers} does not permit reading ${list(topics)}: check the names, or ask its operators for the permission`,
    { code: 'APF_AUTHORIZATION' },
  );
}

export function groupRefused({ group, brokers }: Scene): FatalError {
  return new FatalError(
    `the broker ${brokers} does not permit the group id '${group}': PARAMS['group.id'] must start with the prefix that the broker's operators gave you`,
    { code: 'APF_AUTHORIZATION' },
  );
}

function list(topics: readonly string[] | undefined): string {
  if (!topics || topics.length === 0) return 'a topic';
  const quoted = topics.map((topic) => `'${topic}'`);
  return quoted.length > 4
    ? `${quoted.slice(0, 3).join(', ')} and ${quoted.length - 3} more`
    : quoted.join(', ');
}
