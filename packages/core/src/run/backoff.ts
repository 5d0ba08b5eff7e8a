const FIRST = 1_000;
const LAST = 60_000;

/** How long to wait before attempt `attempt + 1`, in ms: what the error asks for, else 1, 2, 4 … 60 s. */
export function backoff(attempt: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds !== undefined) return Math.max(0, retryAfterSeconds * 1_000);
  return Math.min(LAST, FIRST * 2 ** Math.min(attempt - 1, 10));
}
