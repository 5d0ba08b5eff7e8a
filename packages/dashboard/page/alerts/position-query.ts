import type { AlertPosition } from '../../src/page-api.js';

/** Where an alert stands, as the query of an address. */
export function positionQuery({ topic, partition, offset, record }: AlertPosition): Record<string, string> {
  return { topic, partition: String(partition), offset: String(offset), record: String(record) };
}
