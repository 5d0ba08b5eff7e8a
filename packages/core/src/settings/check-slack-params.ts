import { UsageError } from '../errors.js';
import { nearest } from './nearest.js';
import type { Params } from './settings.js';

const KEYS = {
  slack: ['channel'],
  'slack-tables': ['channels', 'class', 'columns', 'unknown'],
} as const;

/** @throws UsageError for a parameter of a Slack producer that is none, or is missing, or has the wrong value. */
export function checkSlackParams(params: Params, kind: keyof typeof KEYS, path: string): void {
  const refuse = (line: string): never => {
    throw new UsageError(`settings: ${path}${line}`, { code: 'APF_SETTINGS' });
  };
  const known: readonly string[] = KEYS[kind];
  for (const [key, value] of Object.entries(params)) {
    if (!known.includes(key)) {
      const near = nearest(key, known);
      refuse(
        `.${key} is not a setting; ${near ? `did you mean '${near}'?` : `there are ${known.join(', ')}`}`,
      );
    }
    const right =
      key === 'columns'
        ? Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
        : typeof value === 'string' && value !== '';
    if (!right) refuse(`.${key} must be ${key === 'columns' ? 'a list of field names' : 'text'}`);
  }
  if (kind === 'slack-tables' && params.channels === undefined)
    refuse(".channels is missing: name the file that lists the channels, a name without its '#' a line");
}
