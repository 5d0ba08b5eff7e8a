import { FatalError, type Position, RetryableError, type Transaction } from '@apf/core';
import type { ConfirmedProducer } from './confirmed-producer.js';
import { kafkaText } from './kafka-errors.js';

/** Who reads, and puts offsets into a producer's transaction; node-rdkafka's consumer stands behind it. */
export interface OffsetSender {
  sendOffsets(producer: ConfirmedProducer, next: readonly Position[]): Promise<void>;
}

/**
 * Kafka's transactions: what is produced, and how far was read for it, count both or neither. Readers see it with
 * `isolation.level` read_committed, librdkafka's default. A process that takes over the `transactional.id` shuts the
 * older one out.
 */
export class KafkaTransaction implements Transaction {
  readonly keepsOffsets: boolean;
  private begun = false;

  /** @param source whose offsets it keeps; without one they stay where they are */
  constructor(
    private readonly producer: ConfirmedProducer,
    private readonly source: OffsetSender | undefined,
  ) {
    this.keepsOffsets = source !== undefined;
  }

  async begin(): Promise<void> {
    await this.attempt(() => this.producer.beginTransaction());
    this.begun = true;
  }

  async commit(next: readonly Position[]): Promise<void> {
    await this.attempt(async () => {
      if (next.length > 0) await this.source?.sendOffsets(this.producer, next);
      await this.producer.commitTransaction();
    });
    this.begun = false;
  }

  async abort(): Promise<void> {
    if (!this.begun) return;
    this.begun = false;
    try {
      await this.producer.abortTransaction();
    } catch {
      // The next one cannot begin, and says why.
    }
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof FatalError || error instanceof RetryableError) throw error;
      const text = kafkaText(error);
      if ((error as { isFatal?: boolean }).isFatal || /fenced|fatal/i.test(text)) {
        throw new FatalError(
          `the broker has shut this producer out (${text}): each process needs a PARAMS['transactional.id'] of its own`,
          { code: 'APF_SINK', cause: error },
        );
      }
      throw new RetryableError(`a transaction of Kafka failed: ${text}`, undefined, {
        code: 'APF_SINK',
        cause: error,
      });
    }
  }
}
