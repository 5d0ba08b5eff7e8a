import {
  type DeadLetter,
  END,
  type Outgoing,
  type Position,
  type RawMessage,
  type Settings,
  type Sink,
  type Source,
} from '@apf/core';
import { type BuildOptions, buildRun, type StepClass } from '../wiring/build-run.js';
import { byPosition, type LetterStore, type StoredLetter } from './letter-store.js';

export interface ReplayedThrough {
  readonly replayed: number;
  /** Those that failed again, each with its error: they stay where they are. */
  readonly failed: readonly { readonly id: string; readonly error: string }[];
}

/**
 * Runs letters through a step as if they came from their topics: its outputs go where its settings say. A letter is
 * marked once everything made of it is confirmed; one that fails again stays. After a crash only the batch in hand is
 * executed again.
 */
export async function replayThrough<In, Out>(
  store: LetterStore,
  letters: readonly StoredLetter[],
  settings: Settings,
  StepClass: StepClass<In, Out>,
  options: BuildOptions & { readonly signal?: AbortSignal } = {},
): Promise<ReplayedThrough> {
  const source = new LetterSource(store, letters);
  // The offsets of letters say nothing of how far the stream is read.
  const database = settings.DB_CONFIG && { DB_CONFIG: { ...settings.DB_CONFIG, OFFSETS: undefined } };
  const replayed = { ...settings, ...database, COMMIT: true, WORKERS: 1 } as Settings;
  const { runner } = await buildRun<In, Out>(replayed, StepClass, {
    ...options,
    source,
    deadLetters: source.failures,
  });
  await runner.run(options.signal);
  return { replayed: source.replayed, failed: source.failures.all };
}

/** Takes letters that failed again: they are not written anywhere, since they are kept already. */
class Failures implements Sink<DeadLetter> {
  readonly all: { readonly id: string; readonly error: string }[] = [];

  async open(): Promise<void> {}
  async write(batch: readonly Outgoing<DeadLetter>[]): Promise<void> {
    for (const { value } of batch) this.all.push({ id: idOf(value.message), error: value.error.message });
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Gives letters as the messages that they were; what is committed is marked in their store. */
class LetterSource implements Source {
  readonly failures = new Failures();
  replayed = 0;
  readonly #waiting: StoredLetter[];
  #given: StoredLetter[] = [];

  constructor(
    private readonly store: LetterStore,
    letters: readonly StoredLetter[],
  ) {
    this.#waiting = letters.toSorted(byPosition);
  }

  async open(): Promise<void> {}

  async poll(max: number): Promise<readonly RawMessage[] | typeof END> {
    if (this.#waiting.length === 0) return END;
    const letters = this.#waiting.splice(0, max);
    this.#given.push(...letters);
    return Promise.all(
      letters.map(async (letter) => {
        const { topic, partition, offset, key, headers, timestamp } = letter;
        return { topic, partition, offset, key, headers, timestamp, value: await letter.bytes() };
      }),
    );
  }

  async commit(next: readonly Position[]): Promise<void> {
    const committed = ({ topic, partition, offset }: Position): boolean =>
      next.some((upTo) => upTo.topic === topic && upTo.partition === partition && offset < upTo.offset);
    const failed = new Set(this.failures.all.map(({ id }) => id));
    const over = this.#given.filter(committed);
    const done = over.filter(({ id }) => !failed.has(id));
    await this.store.done(done, 'replayed');
    this.replayed += done.length;
    this.#given = this.#given.filter((letter) => !over.includes(letter));
  }

  pause(): void {}
  resume(): void {}
  async close(): Promise<void> {}
}

const idOf = ({ topic, partition, offset }: Position): string => `${topic}-${partition}-${offset}`;
