import { type Clock, type Logger, type Outgoing, systemClock, UsageError } from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import { ConfirmedProducer, type ProducedMessage } from '../kafka/confirmed-producer.js';
import { producedHeaders } from '../kafka/message-headers.js';
import type { LetterStore, StoredLetter } from './letter-store.js';

/** Sent and marked together: what a crash in between repeats at most. */
const AT_ONCE = 100;

export interface ReplayOptions {
  readonly store: LetterStore;
  readonly letters: readonly StoredLetter[];
  /** The broker of the topics that the letters came from. */
  readonly params: Params;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly onProgress?: (done: number) => void;
}

/**
 * Sends letters to the topics that they came from, with their own bytes, key and headers, and marks them. Each hundred is
 * marked once the broker has confirmed it: a crash in between sends at most these a second time, and loses none.
 */
export async function replayToSource(options: ReplayOptions): Promise<void> {
  const { store, letters, params, logger, clock = systemClock, onProgress } = options;
  const producer = new ConfirmedProducer({ params, where: 'the broker of the source', logger, clock });
  await producer.open();
  try {
    for (let from = 0; from < letters.length; from += AT_ONCE) {
      const some = letters.slice(from, from + AT_ONCE);
      const messages = new Map<Outgoing, ProducedMessage>();
      for (const letter of some) {
        const { topic, partition, offset, key } = letter;
        const value = await letter.bytes();
        const message = { topic, value, key, timestamp: undefined, headers: producedHeaders(letter.headers) };
        const outgoing = { value, origin: { topic, partition, offset, value } };
        messages.set(outgoing, message);
        while (!producer.send(message, outgoing)) await producer.room();
      }
      const [refused] = await producer.flush(new AbortController().signal, (outgoing) =>
        messages.get(outgoing)!,
      );
      if (refused) throw refused.error;
      await store.done(some, 'replayed');
      onProgress?.(from + some.length);
    }
  } finally {
    await producer.close();
  }
}

/** What a producer needs of a consumer's properties: where the broker is and how to log in. */
export function producerOf(consumer: Params): Params {
  const needed =
    /^(bootstrap\.servers|metadata\.broker\.list|client\.id|security\.|sasl\.|ssl\.|enable\.ssl)/;
  const params = Object.fromEntries(Object.entries(consumer).filter(([name]) => needed.test(name)));
  if (Object.keys(params).length === 0) {
    throw new UsageError(
      'the step reads files, not a topic: replay its dead letters with --through, or name a broker',
    );
  }
  return params;
}
