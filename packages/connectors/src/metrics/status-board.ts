import { exposition } from './families.js';
import type { StatusReport } from './status-report.js';

export interface Answer {
  readonly status: 200 | 503;
  readonly body: object;
}

/** A process that has not reported for so long hangs, in ms: even a large batch ends before Kafka loses its patience. */
const HANGS_AFTER = 300_000;

interface Reporter {
  readonly name: string;
  report: StatusReport | undefined;
  /** When it reported last, or was added. */
  heard: number;
}

/**
 * The last status of each process that runs the step. A process whose thread is busy with a batch cannot answer, and a
 * scrape must not wait for it: so processes report each second by themselves, and the board answers at once.
 */
export class StatusBoard {
  readonly #reporters = new Set<Reporter>();

  /** @param now in ms */
  constructor(private readonly now: () => number = Date.now) {}

  /** A process that is there from now on, though it has not reported yet. */
  add(name: string): { reported(report: StatusReport): void; gone(): void } {
    const reporter: Reporter = { name, report: undefined, heard: this.now() };
    this.#reporters.add(reporter);
    return {
      reported: (report) => {
        reporter.report = report;
        reporter.heard = this.now();
      },
      gone: () => {
        this.#reporters.delete(reporter);
      },
    };
  }

  metrics(): Promise<string> {
    return exposition([...this.#reporters].flatMap(({ report }) => (report ? [report.families] : [])));
  }

  /** 503 where a process hangs. */
  live(): Answer {
    const silent = [...this.#reporters]
      .filter(({ heard }) => this.now() - heard > HANGS_AFTER)
      .map(({ name, heard }) => `${name} has not answered for ${Math.round((this.now() - heard) / 1_000)} s`);
    return silent.length === 0
      ? { status: 200, body: { live: true } }
      : { status: 503, body: { live: false, reason: silent.join('; ') } };
  }

  /** 503 while any process is not ready. */
  ready(): Answer {
    const reasons = [...this.#reporters].flatMap(({ name, report }) => {
      if (report?.health.ready) return [];
      return [`${name}: ${report ? (report.health.reason ?? 'it is not ready') : 'it has not started yet'}`];
    });
    if (this.#reporters.size === 0) reasons.push('nothing runs');
    return reasons.length === 0
      ? { status: 200, body: { ready: true } }
      : { status: 503, body: { ready: false, reason: reasons.join('; ') } };
  }
}
