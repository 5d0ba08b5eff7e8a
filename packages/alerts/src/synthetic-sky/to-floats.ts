import { ZTF_CANDIDATE_FIELDS } from '../ztf-candidate-fields.js';

const FLOATS = ZTF_CANDIDATE_FIELDS.filter(([, type]) => type === 'float' || type === 'float?').map(
  ([name]) => name,
);

/** Rounds in place what Avro keeps as a 32-bit float, so that an alert equals itself after encoding and decoding. */
export function toFloats<T extends object>(candidate: T): T {
  const values = candidate as Record<string, unknown>;
  for (const name of FLOATS) {
    const value = values[name];
    if (typeof value === 'number') values[name] = Math.fround(value);
  }
  return candidate;
}
