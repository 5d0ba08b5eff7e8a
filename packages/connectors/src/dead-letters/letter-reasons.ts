import type { StoredLetter } from './letter-store.js';

/** Dead letters of the same code, stage and topic. */
export interface LetterReason {
  readonly code: string;
  readonly stage: string;
  readonly topic: string;
  readonly count: number;
  /** When the first and the last of them were set aside, ISO 8601. */
  readonly first: string;
  readonly last: string;
  /** The error of the last one. */
  readonly error: string;
}

/** Why letters were set aside; the most frequent reason first. */
export function letterReasons(letters: readonly StoredLetter[]): LetterReason[] {
  const reasons = new Map<string, LetterReason>();
  for (const { code, stage, topic, time, error } of letters) {
    const key = JSON.stringify([code, stage, topic]);
    const before = reasons.get(key);
    const later = !before || time >= before.last;
    reasons.set(key, {
      code,
      stage,
      topic,
      count: (before?.count ?? 0) + 1,
      first: before && before.first < time ? before.first : time,
      last: later ? time : before.last,
      error: later ? error : before.error,
    });
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}
