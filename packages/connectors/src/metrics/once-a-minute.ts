import type { Clock, Logger } from '@apf/core';

const MINUTE = 60_000;

/** Warns of something that may go wrong with every batch, once a minute. */
export class OnceAMinute {
  #last = -Infinity;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  say(message: string, fields: object = {}): void {
    const now = this.clock.now();
    if (now - this.#last < MINUTE) return;
    this.#last = now;
    this.logger.warn(fields, message);
  }
}
