/** How long what was sent may take to be confirmed after an interruption, in ms. */
const PATIENCE = 10_000;
/** The shell's code for a program that SIGINT ended. */
export const INTERRUPTED = 130;

/** Ctrl-C once: end properly. Twice: end at once. */
export class Interruption {
  private readonly soft = new AbortController();
  private readonly hard = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private readonly onSignal = (): void => {
    if (this.soft.signal.aborted) process.exit(INTERRUPTED);
    this.soft.abort();
    this.timer = setTimeout(() => this.hard.abort(), PATIENCE);
  };

  constructor() {
    process.on('SIGINT', this.onSignal).on('SIGTERM', this.onSignal);
  }

  /** Aborted at once. */
  get signal(): AbortSignal {
    return this.soft.signal;
  }

  /** Aborted when there was time enough to end properly. */
  get outOfTime(): AbortSignal {
    return this.hard.signal;
  }

  close(): void {
    clearTimeout(this.timer);
    process.off('SIGINT', this.onSignal).off('SIGTERM', this.onSignal);
  }
}
