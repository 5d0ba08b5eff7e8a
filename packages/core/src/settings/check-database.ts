import { UsageError } from '../errors.js';
import { consumerClass } from './class-names.js';
import type { ResolvedSettings } from './resolved-settings.js';

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** Checks what one key of DB_CONFIG says against another. @throws UsageError for the first that do not go together. */
export function checkDatabase({ DB_CONFIG, COMMIT, CONSUMER_CONFIG }: ResolvedSettings): void {
  if (!DB_CONFIG) return;
  const { ENGINE, FILE_PATH, PARAMS, TABLE, SCHEMA_PATH, OFFSETS, UNIQUE } = DB_CONFIG;
  if (ENGINE === 'sqlite' && PARAMS !== undefined) {
    refuse("DB_CONFIG.PARAMS is for ENGINE 'postgres'; SQLite has a file alone: name it with 'FILE_PATH'");
  }
  if (ENGINE === 'postgres' && FILE_PATH !== undefined) {
    refuse("DB_CONFIG.FILE_PATH is for ENGINE 'sqlite'; a PostgreSQL server is named with 'PARAMS'");
  }
  if (PARAMS?.SSL_CA !== undefined && PARAMS.SSL !== 'verify-full') {
    refuse("DB_CONFIG.PARAMS.SSL must be 'verify-full' for 'SSL_CA' to be used");
  }
  for (const key of ['KEY', 'ON_CONFLICT', 'SCHEMA_PATH'] as const) {
    if (DB_CONFIG[key] !== undefined && TABLE === undefined) {
      refuse(`DB_CONFIG.${key} says how results are written: name their table with 'TABLE', or leave it out`);
    }
  }
  if (SCHEMA_PATH !== undefined && DB_CONFIG.KEY === undefined) {
    refuse(
      "DB_CONFIG.KEY is missing: a table made from 'SCHEMA_PATH' needs the fields that tell its rows apart",
    );
  }
  if (OFFSETS === 'database' && !COMMIT) {
    refuse("COMMIT is false, so that nothing is to be remembered: leave out DB_CONFIG.OFFSETS 'database'");
  }
  if (
    OFFSETS === 'database' &&
    consumerClass(CONSUMER_CONFIG.CLASS, 'CONSUMER_CONFIG.CLASS').kind.endsWith('-files')
  ) {
    refuse(
      "DB_CONFIG.OFFSETS 'database' is for topics: a file of the same name may hold other alerts tomorrow, which would be passed over; leave it out",
    );
  }
  if (UNIQUE && (UNIQUE.key as string | undefined) === undefined) {
    refuse("DB_CONFIG.UNIQUE.key is missing: name the field that tells alerts apart, 'candid' say");
  }
}

const ID = 'transactional.id';

/** Offsets are kept in one place, and one producer writes in a transaction. */
export function checkTransactions({ DB_CONFIG, PRODUCER_CONFIG, SIDE_OUTPUTS }: ResolvedSettings): void {
  for (const [name, { PARAMS }] of Object.entries(SIDE_OUTPUTS)) {
    if (PARAMS[ID] === undefined) continue;
    refuse(
      `SIDE_OUTPUTS.${name}.PARAMS.${ID} is not taken: PRODUCER_CONFIG alone writes in transactions; leave it out`,
    );
  }
  if (PRODUCER_CONFIG?.PARAMS[ID] !== undefined && DB_CONFIG?.OFFSETS === 'database') {
    refuse(
      `PRODUCER_CONFIG.PARAMS.${ID} and DB_CONFIG.OFFSETS 'database' would both keep the offsets; leave one of them out`,
    );
  }
}
