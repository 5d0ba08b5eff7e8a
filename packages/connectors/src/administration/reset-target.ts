import { printable, UsageError } from '@apf/core';

/** Where to move a group: to an end of each partition, a time (ms since 1970), an offset, or by a number of messages. */
export type ResetTarget =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'datetime'; readonly time: number }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'shift'; readonly by: number };

const WHOLE = /^[+-]?\d{1,15}$/;

/**
 * `earliest`, `latest`, a time (`2026-03-01`, `2026-03-01T04:00:00Z`), an offset (`1200`), or a shift (`+100`, `-100`).
 * A time without a zone is in UTC.
 * @throws UsageError for anything else.
 */
export function resetTarget(text: string): ResetTarget {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  if (WHOLE.test(text)) {
    return /^[+-]/.test(text)
      ? { kind: 'shift', by: Number(text) }
      : { kind: 'offset', offset: Number(text) };
  }
  if (/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.test(text)) {
    const written = text.replace(' ', 'T');
    const time = Date.parse(
      /T.*(Z|[+-]\d{2}:\d{2})$/.test(written) || !written.includes('T') ? written : `${written}Z`,
    );
    if (!Number.isNaN(time)) return { kind: 'datetime', time };
  }
  throw new UsageError(
    `a group can be moved to earliest, latest, a time such as 2026-03-01T04:00:00Z, an offset such as 1200, or by +100 or -100 messages; not to '${printable(text)}'`,
  );
}
