import type { RunStats } from '@apf/core';
import type { DistributeCounts } from './distribute-step.js';

export interface DistributionReportOptions {
  readonly stats: RunStats;
  readonly counts: DistributeCounts;
  readonly json: boolean;
  readonly say: (line: string) => void;
}

/** Between two reports of a distribution that has done something, in ms; on a terminal more often. */
const EVERY = 60_000;
const ON_TERMINAL = 5_000;

/** What a distribution has come to, for people and for programs. */
export interface DistributionFigures {
  readonly read: number;
  readonly passed: number;
  readonly topics: Readonly<Record<string, number>>;
  readonly deadLetters: number;
  readonly filterErrors: number;
  readonly committed: number;
}

export function figuresOf(
  stats: RunStats,
  { passed, topics, errors }: DistributeCounts,
): DistributionFigures {
  return {
    read: stats.read,
    passed,
    topics: Object.fromEntries(topics),
    deadLetters: stats.deadLetters,
    filterErrors: [...errors.values()].reduce((sum, count) => sum + count, 0),
    committed: stats.committed,
  };
}

/** The figures in one line. @param verb what became of those that passed */
export function saidFigures(figures: DistributionFigures, verb: string): string {
  const { read, passed, topics, deadLetters, filterErrors } = figures;
  const each = Object.entries(topics).map(([topic, count]) => `${topic} ${count}`);
  return [
    `${read} alerts read, ${passed} ${verb} (${each.join(', ')})`,
    ...(deadLetters > 0 ? [`${deadLetters} could not be distributed, see the dead letters`] : []),
    ...(filterErrors > 0 ? [`${filterErrors} errors of filters`] : []),
  ].join(', ');
}

/** Says from time to time how far a distribution has come. */
export class DistributionReport {
  private readonly timer: NodeJS.Timeout;
  private last = 0;

  constructor(private readonly options: DistributionReportOptions) {
    this.timer = setInterval(() => this.report(), process.stderr.isTTY ? ON_TERMINAL : EVERY);
    this.timer.unref();
  }

  private report(): void {
    const { stats, counts, json, say } = this.options;
    if (stats.read === this.last) return;
    this.last = stats.read;
    const figures = figuresOf(stats, counts);
    if (json) console.log(JSON.stringify({ event: 'progress', ...figures }));
    else say(saidFigures(figures, 'distributed'));
  }

  close(): void {
    clearInterval(this.timer);
  }
}
