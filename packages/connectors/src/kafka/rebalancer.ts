import { type Logger, type SourceEvents, type TopicPartition, toError } from '@apf/core';
import type { Assignment } from './assignment.js';
import type { ConsumerClient } from './consumer-client.js';
import type { Start } from './start-offsets.js';

export interface RebalancerOptions {
  readonly client: ConsumerClient;
  readonly assignment: Assignment;
  readonly events: SourceEvents;
  readonly logger: Logger;
  /** Where partitions begin. */
  readonly resolve: (partitions: readonly TopicPartition[]) => Promise<Start[]>;
  /** Called in the moment in which the partitions become ours. */
  readonly onAssigned: (starts: readonly Start[]) => void;
  /** Called when they are on their way to another member, or gone. */
  readonly onRevoked: () => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * Serves the group's rebalances one after the other. librdkafka lets the answer wait: partitions are assigned once
 * their offsets are known, and given back once what was in hand of them is finished, while polling goes on.
 */
export class Rebalancer {
  #chain: Promise<void> = Promise.resolve();
  #cooperative = true;
  #waiting = 0;
  #closing = false;
  /** Rebalances that gave us partitions, an empty list included. */
  assignments = 0;

  constructor(private readonly options: RebalancerOptions) {}

  /** A rebalance is under way. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  assigned(partitions: readonly TopicPartition[]): void {
    this.#serve(() => this.#assign(partitions));
  }

  revoked(partitions: readonly TopicPartition[]): void {
    this.#serve(() => this.#revoke(partitions));
  }

  /** From now on partitions are given back at once: what was to be committed is. */
  close(): void {
    this.#closing = true;
  }

  #serve(act: () => Promise<void>): void {
    this.#waiting++;
    this.#chain = this.#chain
      .then(act)
      .catch((thrown: unknown) => this.options.onFailure(toError(thrown)))
      .finally(() => void this.#waiting--);
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const { client, assignment, logger, onAssigned } = this.options;
    const starts = this.#closing || partitions.length === 0 ? [] : await this.options.resolve(partitions);
    await client.whenIdle(() => {
      if (this.#closing) {
        client.unassign();
        return;
      }
      this.#cooperative = client.protocol === 'COOPERATIVE';
      const offsets = starts.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
      try {
        if (this.#cooperative) client.incrementalAssign(offsets);
        else client.assign(offsets);
      } catch (error) {
        // The assignment was overtaken: another rebalance follows.
        logger.warn(
          { error: toError(error).message },
          'an assignment of partitions came too late; waiting for the next',
        );
        return;
      }
      this.assignments++;
      onAssigned(starts);
    });
    if (partitions.length > 0)
      logger.info({ partitions: names(partitions), all: assignment.size }, 'partitions assigned');
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    const { client, assignment, events, logger, onRevoked } = this.options;
    if (!this.#closing) {
      for (const { topic, partition } of partitions) {
        const held = assignment.get(topic, partition);
        if (held) held.revoking = true;
      }
      onRevoked();
      if (client.watch.evicted) events.lost(partitions);
      else await events.revoked(partitions);
    }
    await client.whenIdle(() => {
      assignment.remove(partitions);
      client.watch.evicted = false;
      if (this.#cooperative) client.incrementalUnassign(partitions);
      else client.unassign();
    });
    logger.info({ partitions: names(partitions), left: assignment.size }, 'partitions given back');
  }
}

const names = (partitions: readonly TopicPartition[]): string =>
  partitions.map(({ topic, partition }) => `${topic}[${partition}]`).join(' ');
