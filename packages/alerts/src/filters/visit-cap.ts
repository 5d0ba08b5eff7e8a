import { visitOf } from './visit-of.js';

/** Visits whose counts are kept; alerts of older ones come no more. A night has a thousand. */
const KEPT = 2_000;

/**
 * Lets so many alerts of each visit pass (LSST's DMS-REQ-0343 has 20 per filter). Visits may come mixed: each has a count
 * of its own. Alerts that do not tell their visit are one.
 */
export class VisitCap {
  private readonly counts = new Map<string | null, number>();

  constructor(private readonly cap: number) {}

  /** Whether this alert may pass; it is counted if so. */
  takes(alert: unknown): boolean {
    const visit = visitOf(alert);
    const count = this.counts.get(visit) ?? 0;
    if (count >= this.cap) return false;
    if (count === 0 && this.counts.size >= KEPT) this.counts.delete(this.counts.keys().next().value!);
    this.counts.set(visit, count + 1);
    return true;
  }
}
