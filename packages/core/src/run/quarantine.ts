import type { RawMessage, TopicPartition } from '../contracts.js';
import { inPartitions } from './batch.js';
import { type Outcome, only } from './outcome.js';

/** Failures of the author's own making (see PoisonError) can follow a suspect without end: this much is held at most. */
const MOST = 1_000;

/**
 * Holds back the dead letters of failures that go on unbroken until an alert succeeds: before that nobody can tell a bad
 * alert from a step that is itself wrong, whose alerts must not be committed one start after the other. What is held when
 * the run stops is left for the next one.
 */
export class Quarantine {
  private held: Outcome[] = [];

  /** @param suspects the messages that failed since the last success; others change it */
  constructor(private readonly suspects: ReadonlySet<RawMessage>) {}

  /** Messages that are held. */
  get size(): number {
    return this.held.reduce((sum, { messages }) => sum + messages.length, 0);
  }

  /** What can be delivered now. */
  pass(outcome: Outcome): Outcome[] {
    this.held.push(outcome);
    const free: Outcome[] = [];
    while (this.held[0]) {
      const [head, tail] = this.suspects.size === 0 ? [this.held[0]] : split(this.held[0], this.suspects);
      if (head.messages.length > 0) free.push(head);
      if (tail) {
        this.held[0] = tail;
        break;
      }
      this.held.shift();
    }
    return this.size > MOST ? [...free, ...this.release()] : free;
  }

  /** All that is held: the stream has ended, and no success will come. */
  release(): Outcome[] {
    return this.held.splice(0);
  }

  /** Leaves what is held of these partitions to their next owner. */
  drop(partitions: readonly TopicPartition[]): void {
    const gone = inPartitions(partitions);
    this.held = this.held
      .map((outcome) =>
        only(
          outcome,
          outcome.messages.filter((message) => !gone(message)),
        ),
      )
      .filter(({ messages }) => messages.length > 0);
  }
}

/** What stands before the first suspect, and the rest; no rest where outputs would have to wait with it. */
function split(outcome: Outcome, suspects: ReadonlySet<RawMessage>): [Outcome, Outcome?] {
  const first = outcome.messages.findIndex((message) => suspects.has(message));
  if (first < 0) return [outcome];
  const tail = only(outcome, outcome.messages.slice(first));
  if (tail.results.length + tail.sideOutputs.length + tail.changes.length > 0) return [outcome];
  return [only(outcome, outcome.messages.slice(0, first)), tail];
}
