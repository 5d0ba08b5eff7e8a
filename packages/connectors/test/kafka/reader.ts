import { END, type Position, type RawMessage, type SourceEvents, type TopicPartition } from '@apf/core';
import type { KafkaSource } from '../../src/kafka/kafka-source.js';

/** Reads a source as the runner does: it goes on polling, and on a revocation commits what was delivered. */
export class Reader implements SourceEvents {
  readonly messages: RawMessage[] = [];
  readonly revocations: string[][] = [];
  readonly losses: string[][] = [];
  ended = false;
  failure: Error | undefined;
  /** Called for each message as it comes. */
  onMessage: (message: RawMessage) => void = () => undefined;
  commitOnRevoke = true;
  #polling: Promise<void> | undefined;
  #stopped = false;
  #polls = 0;
  #watchers: (() => void)[] = [];

  constructor(readonly source: KafkaSource) {}

  async start(): Promise<this> {
    await this.source.open(this);
    this.#polling = this.#poll();
    return this;
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.commitOnRevoke) await this.commit(partitions);
    this.revocations.push(partitions.map(nameOf));
    this.#changed();
  }

  lost(partitions: readonly TopicPartition[]): void {
    this.losses.push(partitions.map(nameOf));
    this.#changed();
  }

  /** Commits all that was delivered, of these partitions or of all. */
  async commit(partitions?: readonly TopicPartition[]): Promise<void> {
    const names = partitions?.map(nameOf);
    const next = new Map<string, Position>();
    for (const message of this.messages) {
      const { topic, partition, offset } = message;
      if (names && !names.includes(nameOf(message))) continue;
      next.set(nameOf(message), { topic, partition, offset: offset + 1 });
    }
    await this.source.commit([...next.values()]);
  }

  /** Resolves once `reached` holds; rejects when the source fails or ends before. */
  async until(reached: () => boolean): Promise<this> {
    while (!reached()) {
      if (this.failure) throw this.failure;
      if (this.ended) throw new Error(`the source ended after ${this.messages.length} messages`);
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
    return this;
  }

  /** Resolves after the next poll that begins from now on. */
  async polled(): Promise<void> {
    const target = this.#polls + 2;
    await this.until(() => this.#polls >= target);
  }

  count(count: number): Promise<this> {
    return this.until(() => this.messages.length >= count);
  }

  /** Resolves at END; rejects when the source fails. */
  async end(): Promise<this> {
    await this.#polling;
    if (this.failure) throw this.failure;
    return this;
  }

  async stopPolling(): Promise<void> {
    this.#stopped = true;
    await this.#polling;
  }

  async close(): Promise<void> {
    await this.stopPolling();
    await this.source.close();
  }

  async #poll(): Promise<void> {
    const { signal } = new AbortController();
    try {
      while (!this.#stopped) {
        const polled = await this.source.poll(500, signal);
        if (polled === END) {
          this.ended = true;
          break;
        }
        this.#polls++;
        this.messages.push(...polled);
        polled.forEach(this.onMessage);
        this.#changed();
      }
    } catch (error) {
      this.failure = error as Error;
    }
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#watchers.splice(0)) wake();
  }
}

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
