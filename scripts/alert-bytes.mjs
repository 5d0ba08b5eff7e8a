import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { parseSchema, writeContainer } from '@apf/core';

/**
 * Alerts to measure with: the 23.7 kB ZTF alerts of the real set where APF_ALERTS says where it is, else the synthetic sky.
 *
 * @returns {{ alerts: Buffer[], what: string }}
 */
export function alertBytes() {
  const root = process.env.APF_ALERTS;
  if (root) {
    const folder = join(root, 'Ampel-ZTF/alerts_2021720_programid1');
    const files = readdirSync(folder).filter((file) => file.endsWith('.avro'));
    return { alerts: files.map((file) => readFileSync(join(folder, file))), what: 'real ZTF alerts' };
  }
  const schema = parseSchema(ZTF_ALERT_SCHEMA);
  const alerts = [];
  for (const { alert } of syntheticZtf({ seed: 1, objects: 100, now: new Date(Date.UTC(2026, 0, 1)) })) {
    alerts.push(writeContainer(schema, [alert]));
    if (alerts.length === 100) break;
  }
  return { alerts, what: 'synthetic ZTF alerts (APF_ALERTS is not set)' };
}
