/** What is nested deeper has no place in a log. */
const DEPTH = 6;

type Fields = Record<string, unknown>;

/**
 * Fields as they are logged. 64-bit ids become text: pino writes them as numbers, which nearly every reader of JSON
 * rounds. Of bytes (cutouts) only their number is said.
 */
export function loggable(fields: Fields): Fields {
  return within(fields, DEPTH) as Fields;
}

/** The same object where nothing in it is to be changed. */
function within(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (depth === 0) return value;
  let copy: Fields | undefined;
  for (const [key, inner] of Object.entries(value)) {
    const shown = within(inner, depth - 1);
    if (shown === inner) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Fields;
    copy[key] = shown;
  }
  return copy ?? value;
}
