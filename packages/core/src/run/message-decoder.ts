import type { Clock } from '../clock.js';
import type { Codec, DeadLetter, Logger, RawMessage, RunStats } from '../contracts.js';
import { FatalError, codeOf, toError } from '../errors.js';
import type { RunObserver } from './observer.js';

/** A stream of which nothing at all can be decoded has a wrong framing or schema: stop before it is all dead letters. */
const HOPELESS = 20;

export interface MessageDecoderOptions<In> {
  readonly codec: Codec<In>;
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: RunStats;
  readonly tombstones: boolean;
  readonly observer: RunObserver | undefined;
}

/** Makes alerts of messages, and dead letters of what cannot be decoded. */
export class MessageDecoder<In> {
  private undecoded = 0;

  constructor(private readonly options: MessageDecoderOptions<In>) {}

  /** The alerts of a message; none, and a dead letter, where it cannot be decoded. Throws a FatalError when none can. */
  decode(message: RawMessage, deadLetters: DeadLetter[]): readonly In[] {
    const { codec, stats, tombstones, observer } = this.options;
    const { value, unreadable } = message;
    if (value === null) {
      if (tombstones) return [null as In];
      stats.tombstones++;
      return [];
    }
    stats.bytes += value.length;
    try {
      if (unreadable) throw unreadable;
      const alerts = codec.decode(value, message);
      stats.decoded += alerts.length;
      observer?.decoded?.(message, alerts);
      return alerts;
    } catch (thrown) {
      const error = toError(thrown);
      if (error instanceof FatalError) throw error;
      deadLetters.push(this.letter(message, error));
      return [];
    }
  }

  private letter(message: RawMessage, error: Error): DeadLetter {
    const { name, clock, logger, stats } = this.options;
    const { topic, partition, offset } = message;
    const code = codeOf(error, 'APF_DECODE');
    if (stats.decoded === 0 && ++this.undecoded >= HOPELESS) {
      throw new FatalError(
        `none of the first ${HOPELESS} messages could be decoded, so FRAMING or the schema must be wrong; nothing more is committed. The last error: ${error.message}`,
        { code, cause: error },
      );
    }
    logger.error({ topic, partition, offset, code }, `dead letter: ${error.message}`);
    return { message, error, code, stage: 'decode', step: name, when: clock.now() };
  }
}
