import { AlertConsumer } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { connection } from '../connection/connection.js';
import { readProfileFile } from '../connection/profile-file.js';
import { schemaSources } from '../consume/schema-sources.js';

export interface FinkConsumer {
  readonly consumer: AlertConsumer;
  /** Seconds that a poll waits. */
  readonly timeout: number;
  readonly overwrite: boolean;
}

/** Fink's own default, in seconds. */
const TIMEOUT = 10;

/** The consumer that one of Fink's configuration files describes. @throws UsageError that names the file */
export async function finkConsumer(path: string): Promise<FinkConsumer> {
  const profile = await readProfileFile(path);
  const { params, servers } = await connection({ profile: path });
  const { topics, group } = profile;
  if (!topics || topics.length === 0)
    throw new UsageError(`${path}: 'mytopics' names no topic`, { code: 'APF_FILE' });
  if (group === undefined) throw new UsageError(`${path}: 'group_id' is missing`, { code: 'APF_FILE' });
  const { schema, schemas, versions } = schemaSources({}, profile);
  const consumer = new AlertConsumer({ topics, servers, group, params, schema, schemas, versions });
  return { consumer, timeout: profile.timeout ?? TIMEOUT, overwrite: profile.overwrite ?? false };
}
