import type { Clock } from '../clock.js';
import type { Codec, Logger, RawMessage, RunStats } from '../contracts.js';
import { RetryableError } from '../errors.js';
import { backoff } from './backoff.js';
import { Abandoned } from './executor.js';

export interface SchemaWaitOptions {
  readonly codec: Pick<Codec, 'prepare'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: RunStats;
  readonly stopping: AbortSignal;
}

/** Schemas from a registry: its outage is waited out, the messages stay in hand. */
export class SchemaWait {
  constructor(private readonly options: SchemaWaitOptions) {}

  /** Fetches what decoding these messages needs; undefined where nothing is missing. */
  prepare(messages: readonly RawMessage[]): Promise<void> | undefined {
    const missing = messages.length > 0 ? this.options.codec.prepare?.(messages) : undefined;
    return missing && this.persist(messages, missing);
  }

  private async persist(messages: readonly RawMessage[], first: Promise<void>): Promise<void> {
    const { codec, clock, logger, stats, stopping } = this.options;
    let preparing: Promise<void> | undefined = first;
    for (let attempt = 1; ; attempt++) {
      try {
        await preparing;
        return;
      } catch (thrown) {
        if (!(thrown instanceof RetryableError)) throw thrown;
        stats.retries++;
        logger.warn({ code: thrown.code, attempt }, `will ask again for a schema: ${thrown.message}`);
        await clock.sleep(backoff(attempt, thrown.retryAfter), stopping);
        if (stopping.aborted) throw new Abandoned(thrown.message);
        preparing = codec.prepare?.(messages);
      }
    }
  }
}
