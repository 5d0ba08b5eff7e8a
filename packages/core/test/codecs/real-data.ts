import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line of expected.jsonl: what a reference decoder found in a file. */
export interface Expected {
  readonly file: string;
  readonly framing: 'ocf' | 'confluent' | 'none' | 'lfs-pointer';
  readonly codec?: string;
  readonly nblocks?: number;
  readonly schema_name?: string | null;
  readonly schema_version?: string | null;
  readonly schema_id?: number;
  readonly records?: number;
  readonly ids?: readonly Readonly<Record<string, string | number | null>>[];
  readonly bytes_fields?: readonly (readonly { path: string; sha256: string }[])[];
  readonly nan?: number;
  readonly inf?: number;
  readonly error?: string;
  readonly lenient?: string;
  readonly raw?: {
    readonly schema?: string;
    readonly schemas?: readonly string[];
    readonly ids?: Readonly<Record<string, string | number | null>>;
    readonly nan?: readonly [number, number];
    readonly bytes_fields?: readonly (readonly [path: string, sha256: string])[];
  };
}

export const alertsFolder = process.env.APF_ALERTS;
export const schemasFolder = process.env.APF_SCHEMAS;

/** `describe`, or a skipped one that says plainly why: the real data are not part of the repository. */
export function describeReal(folder: string | undefined, variable: string): jest.Describe {
  if (folder) return describe;
  console.warn(`${variable} is not set: the tests on real data are skipped`);
  return describe.skip;
}

export function readExpected(): Expected[] {
  return readFileSync(join(alertsFolder!, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Expected);
}

export function readAlert(file: string): Buffer {
  return readFileSync(join(alertsFolder!, file));
}

/** The value at a path like `sources[0].scicutout`. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split(/\.|\[|\]\.?/)
    .filter((name) => name !== '')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value);
}

/** NaN and infinities anywhere in a value. */
export function countNonFinite(value: unknown): { nan: number; inf: number } {
  const total = { nan: 0, inf: 0 };
  const visit = (inner: unknown): void => {
    if (typeof inner === 'number') {
      if (Number.isNaN(inner)) total.nan++;
      else if (!Number.isFinite(inner)) total.inf++;
    } else if (typeof inner === 'object' && inner !== null && !Buffer.isBuffer(inner)) {
      Object.values(inner).forEach(visit);
    }
  };
  visit(value);
  return total;
}
