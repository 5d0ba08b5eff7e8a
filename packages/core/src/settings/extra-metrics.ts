import { UsageError } from '../errors.js';
import { unknownKey } from './check-keys.js';
import type { ExtraMetric } from './settings.js';

const KEYS = ['key', 'alias', 'format', 'value'];

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** @throws UsageError for an item with a key that does not exist, without its field, or with a name that is none. */
export function checkExtraMetrics(items: readonly (string | ExtraMetric)[], path: string): void {
  items.forEach((item, i) => {
    if (typeof item === 'string') return;
    const here = `${path}[${i}]`;
    const unknown = Object.keys(item).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) refuse(unknownKey(`${here}.${unknown}`, unknown, KEYS));
    if (item.key === undefined) refuse(`${here}.key is missing: write the field of the alerts`);
    for (const key of ['key', 'alias', 'format'] as const) {
      const text: unknown = item[key];
      if (text !== undefined && (typeof text !== 'string' || text.trim() === ''))
        refuse(`${here}.${key} must be text`);
    }
  });
}
