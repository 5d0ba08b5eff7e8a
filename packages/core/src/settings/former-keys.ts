import { UsageError } from '../errors.js';

/** APF's older spelling of a key, and ours. */
const RENAMED: Readonly<Record<string, string>> = {
  NUM_MESSAGES: 'consume.messages',
  TIMEOUT: 'consume.timeout',
};

/** APF's keys that are not taken, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  ADD_TOPIC: "remove it: the topic is at hand as 'context.topic', the alert itself is never changed",
  'offsets.start': "write it as 'offsets: { start: … }'",
  'offsets.end': "write it as 'offsets: { end: … }'",
  exit_on_consume: 'remove it: the consumer is always closed when the run ends',
  OTHER_ARGS: "remove it: use 'DELIMITER' and 'NUMBERS'",
  ID: "write the number of processes as 'WORKERS'",
  SCHEMA: "write the schema to a file and name it with 'SCHEMA_PATH'",
  buffer_size: 'remove it: files are written batch by batch',
  STEP_CONFIG: "write its keys directly, without 'STEP_CONFIG'",
  SKIP_PRODUCER: "leave out 'PRODUCER_CONFIG' instead",
  SCRIBE_PRODUCER_CONFIG: "write it as 'SIDE_OUTPUTS: { scribe: {…} }' and call context.produce('scribe', …)",
  FEATURE_FLAGS: 'keep flags of your own in step.ts or in the environment',
  PYROSCOPE_SERVER: "remove it: profile with 'node --cpu-prof' instead",
  SURVEY: 'remove it: keep it in step.ts',
  TIME_ENCODER_CLASS: 'remove it: times are written as ISO 8601 in UTC',
};

/** The key that `key` is called now; the same one where it was never renamed. */
export const presentKey = (key: string): string => (Object.hasOwn(RENAMED, key) ? RENAMED[key]! : key);

/** @throws UsageError for a key of APF that is not taken; with its replacement. */
export function refuseFormerKey(key: string, path: string): void {
  if (Object.hasOwn(REFUSED, key)) {
    throw new UsageError(`settings: ${path} is not taken; ${REFUSED[key]}`, { code: 'APF_SETTINGS' });
  }
}
