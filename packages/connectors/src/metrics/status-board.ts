import { exposition } from './families.js';
import type { StatusReport } from './status-report.js';

export interface Answer {
  readonly status: 200 | 503;
  readonly body: object;
}

/** How long a scrape waits for fresh numbers, in ms; after that the last ones serve, a second old or so. */
const PATIENCE = 10;
/** A process that has not reported for so long hangs, in ms: even a large batch ends before Kafka loses its patience. */
const HANGS_AFTER = 300_000;

interface Reporter {
  readonly ask: () => void;
  readonly name: string;
  report: StatusReport | undefined;
  /** When it reported last, or was added. */
  heard: number;
}

/**
 * The last status of each process that runs the step. A process whose thread is busy with a batch cannot answer at
 * once, and a scrape must not wait for it: so processes report by themselves, and the board answers.
 */
export class StatusBoard {
  readonly #reporters = new Set<Reporter>();
  #waiting: (() => void)[] = [];

  /** @param now in ms */
  constructor(private readonly now: () => number = Date.now) {}

  /** @param ask wishes for a report, which is given to the function that this returns; it needs not come. */
  add(name: string, ask: () => void): { reported(report: StatusReport): void; gone(): void } {
    const reporter: Reporter = { name, ask, report: undefined, heard: this.now() };
    this.#reporters.add(reporter);
    return {
      reported: (report) => {
        reporter.report = report;
        reporter.heard = this.now();
        for (const look of this.#waiting) look();
      },
      gone: () => {
        this.#reporters.delete(reporter);
      },
    };
  }

  async metrics(): Promise<string> {
    await this.#fresh();
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
  async ready(): Promise<Answer> {
    await this.#fresh();
    const reasons = [...this.#reporters].flatMap(({ name, report }) => {
      if (report?.health.ready) return [];
      return [`${name}: ${report ? (report.health.reason ?? 'it is not ready') : 'it has not started yet'}`];
    });
    if (this.#reporters.size === 0) reasons.push('nothing runs');
    return reasons.length === 0
      ? { status: 200, body: { ready: true } }
      : { status: 503, body: { ready: false, reason: reasons.join('; ') } };
  }

  async #fresh(): Promise<void> {
    const late = new Map([...this.#reporters].map((reporter) => [reporter, reporter.report]));
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve();
      };
      const look = (): void => {
        for (const [reporter, before] of late) {
          if (reporter.report !== before || !this.#reporters.has(reporter)) late.delete(reporter);
        }
        if (late.size === 0) done();
      };
      const timer = setTimeout(done, PATIENCE);
      this.#waiting.push(look);
      for (const { ask } of this.#reporters) ask();
      look();
    });
  }
}
