import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSchema, writeContainer } from '@apf/core';

/** Alerts of ELAsTiCC's shape, as far as a simulator looks at them. */
export const ELASTICC = parseSchema({
  type: 'record',
  name: 'alert',
  namespace: 'elasticc.v0_9',
  fields: [
    { name: 'alertId', type: 'long' },
    {
      name: 'diaSource',
      type: {
        type: 'record',
        name: 'diaSource',
        fields: [
          { name: 'diaSourceId', type: 'long' },
          { name: 'midPointTai', type: 'double' },
          { name: 'filterName', type: 'string' },
          { name: 'psFlux', type: 'float' },
        ],
      },
    },
    { name: 'prvDiaSources', type: ['null', { type: 'array', items: 'elasticc.v0_9.diaSource' }] },
    { name: 'cutoutDifference', type: ['null', 'bytes'], default: null },
  ],
});

export interface ElasticcAlert {
  readonly alertId: bigint;
  readonly diaSource: {
    readonly diaSourceId: bigint;
    readonly midPointTai: number;
    readonly filterName: string;
    readonly psFlux: number;
  };
  readonly prvDiaSources: readonly object[] | null;
  readonly cutoutDifference: Buffer | null;
}

export function elasticcAlert(diaSourceId: bigint, midPointTai: number): ElasticcAlert {
  const source = { filterName: 'Y', psFlux: 81.5 };
  return {
    alertId: 1231321321n,
    diaSource: { diaSourceId, midPointTai, ...source },
    prvDiaSources: [{ diaSourceId: diaSourceId - 1n, midPointTai: midPointTai - 1, ...source }],
    cutoutDifference: null,
  };
}

/** As the document has them: ids that do not follow time, pairs at the same time, times that are whole days. */
export function elasticcNight(count: number): ElasticcAlert[] {
  return Array.from({ length: count }, (_, i) =>
    elasticcAlert(2_260_000n + BigInt((i * 7919) % count), 59_582 + Math.floor(i / 2) * 0.5),
  );
}

/** Alerts in the order in which they are to be sent. */
export function inOrder(alerts: readonly ElasticcAlert[]): ElasticcAlert[] {
  return [...alerts].sort(
    ({ diaSource: a }, { diaSource: b }) =>
      a.midPointTai - b.midPointTai || Number(a.diaSourceId - b.diaSourceId),
  );
}

/** Writes each alert into a file of its own, gzipped, under names whose order is not that of time. */
export function writeGathered(folder: string, alerts: readonly ElasticcAlert[]): void {
  mkdirSync(folder, { recursive: true });
  for (const alert of alerts) {
    const name = `alert_obj${(Number(alert.diaSource.diaSourceId) * 31) % 9973}_src${alert.diaSource.diaSourceId}.avro.gz`;
    writeFileSync(join(folder, name), gzipSync(writeContainer(ELASTICC, [alert])));
  }
}
