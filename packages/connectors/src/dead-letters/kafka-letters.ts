import {
  type Clock,
  END,
  type Header,
  headersOf,
  type Logger,
  newStats,
  type Outgoing,
  type RawMessage,
  systemClock,
} from '@apf/core';
import { brokersOf, type Params } from '../kafka/client-params.js';
import { ConfirmedProducer } from '../kafka/confirmed-producer.js';
import { KafkaRangeSource } from '../kafka/kafka-range-source.js';
import { BASE64_PREFIX } from '../kafka/message-headers.js';
import { OffsetLookup } from '../kafka/offset-lookup.js';
import { resolveRanges } from '../kafka/resolve-ranges.js';
import { byPosition, type LetterStore, type StoredLetter } from './letter-store.js';

/** The header of a message that says which dead letters are done; its value is JSON: a list of [partition, offset]. */
const DONE = 'apf-dead-letters-done';
/** Headers that the step has added to the message's own. */
const ADDED = ['apf-error', 'apf-error-code', 'apf-stage', 'apf-source', 'apf-step', 'apf-time'];
/** Kafka takes 1 MB a message. */
const MARKED_AT_ONCE = 10_000;

interface KafkaLetter extends StoredLetter {
  /** Where it stands in the topic of dead letters; several where it came again after a crash. */
  readonly copies: readonly (readonly [partition: number, offset: number])[];
}

export interface KafkaLettersOptions {
  readonly params: Params;
  readonly topic: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/**
 * The dead letters of a Kafka topic. Messages of a topic cannot be taken away, so a further message says which are done:
 * whoever lists the topic then leaves them out.
 */
export class KafkaLetters implements LetterStore {
  readonly where: string;

  constructor(private readonly options: KafkaLettersOptions) {
    this.where = `topic '${options.topic}' on ${brokersOf(options.params)}`;
  }

  async list(): Promise<KafkaLetter[]> {
    const done = new Set<string>();
    const letters = new Map<string, KafkaLetter>();
    const messages = await this.#read();
    for (const message of messages) {
      const marked = headersOf(message.headers)[DONE];
      if (marked === undefined || message.value === null) continue;
      for (const [partition, offset] of JSON.parse(message.value.toString()) as [number, number][])
        done.add(`${partition} ${offset}`);
    }
    for (const message of messages) {
      if (done.has(`${message.partition} ${message.offset}`)) continue;
      const letter = letterOf(message);
      if (!letter) continue;
      const copies = [...(letters.get(letter.id)?.copies ?? []), ...letter.copies];
      letters.set(letter.id, { ...letter, copies });
    }
    return [...letters.values()].sort(byPosition);
  }

  async done(letters: readonly StoredLetter[], how: 'replayed' | 'dropped'): Promise<void> {
    const { params, topic, logger, clock = systemClock } = this.options;
    const copies = (letters as readonly KafkaLetter[]).flatMap((letter) => letter.copies);
    const producer = new ConfirmedProducer({ params, where: 'DEAD_LETTERS.PARAMS', logger, clock });
    await producer.open();
    try {
      for (let from = 0; from < copies.length; from += MARKED_AT_ONCE) {
        const value = Buffer.from(JSON.stringify(copies.slice(from, from + MARKED_AT_ONCE)));
        const message = { topic, value, key: null, timestamp: undefined, headers: [{ [DONE]: how }] };
        const origin = { topic, partition: 0, offset: 0, value: null };
        producer.send(message, { value, origin } satisfies Outgoing);
        const [refused] = await producer.flush(new AbortController().signal, () => message);
        if (refused) throw refused.error;
      }
    } finally {
      await producer.close();
    }
  }

  /** The whole topic as it is now. */
  async #read(): Promise<RawMessage[]> {
    const { params, topic, logger, clock = systemClock } = this.options;
    const lookup = await OffsetLookup.open({ params, logger, clock });
    const ranges = await (async () => {
      try {
        const bounds = await lookup.bounds((await lookup.topics()).get(topic) ?? []);
        return await resolveRanges(lookup, bounds, { untilEnd: true, now: clock.now() });
      } finally {
        await lookup.close();
      }
    })();
    const source = new KafkaRangeSource({ params, ranges, logger, clock, stats: newStats() });
    await source.open();
    try {
      const all: RawMessage[] = [];
      for (;;) {
        const polled = await source.poll(500, new AbortController().signal);
        if (polled === END) return all;
        all.push(...polled);
      }
    } finally {
      await source.close();
    }
  }
}

/** undefined for a message that is no dead letter. */
function letterOf(message: RawMessage): KafkaLetter | undefined {
  const said = headersOf(message.headers);
  const text = (name: string): string => said[name]?.toString() ?? '';
  const [, topic, partition, offset] = /^(.*)-(\d+)-(\d+)$/s.exec(text('apf-source')) ?? [];
  if (topic === undefined) return undefined;
  const own = (message.headers ?? []).filter(
    (header) => !Object.keys(header).some((name) => ADDED.includes(name)),
  );
  return {
    id: text('apf-source'),
    topic,
    partition: Number(partition),
    offset: Number(offset),
    code: text('apf-error-code'),
    error: text('apf-error'),
    stage: text('apf-stage'),
    step: text('apf-step'),
    time: text('apf-time'),
    timestamp: message.timestamp,
    key: typeof message.key === 'string' ? Buffer.from(message.key) : (message.key ?? null),
    headers: own.map(restored),
    copies: [[message.partition, message.offset]],
    bytes: async () => message.value,
  };
}

/** A header whose value is not UTF-8 stands in base64: see `message-headers.ts`. */
function restored(header: Header): Header {
  return Object.fromEntries(
    Object.entries(header).map(([name, value]) =>
      name.startsWith(BASE64_PREFIX)
        ? [name.slice(BASE64_PREFIX.length), Buffer.from(value.toString(), 'base64')]
        : [name, value],
    ),
  );
}
