import type { RawMessage } from '@apf/core';
import type { AlertPosition, Classification } from '../page-api.js';
import type { KeptAlert } from './kept-alert.js';

/** Alerts that are kept of each topic, and bytes of all messages together. */
const PER_TOPIC = 1_000;
const BYTES = 128 * 1024 * 1024;
/** Objects whose class is kept: classifications come on topics of their own, before or after the alerts. */
const CLASSIFIED = 50_000;

/** The latest alerts of each topic: bounded, so that a page can stay open for weeks. */
export class AlertStore {
  private readonly topics = new Map<string, KeptAlert[]>();
  private readonly classes = new Map<string, Classification>();
  /** How many alerts that are kept came in a message. */
  private readonly holders = new Map<RawMessage, number>();
  private bytes = 0;

  add(alert: KeptAlert): void {
    const ring = this.topics.get(alert.listed) ?? [];
    this.topics.set(alert.listed, ring);
    ring.push(alert);
    this.hold(alert);
    if (alert.objectId !== null && alert.classification) this.learn(alert.objectId, alert.classification);
    if (ring.length > PER_TOPIC) this.drop(ring);
    while (this.bytes > BYTES) this.drop(this.longest());
  }

  /** The latest last; of all topics where none is named. */
  all(topic?: string): readonly KeptAlert[] {
    const alerts = topic === undefined ? this.every() : [...(this.topics.get(topic) ?? [])];
    return alerts.sort((a, b) => a.time - b.time);
  }

  at({ topic, partition, offset, record }: AlertPosition): KeptAlert | undefined {
    return this.every().find(
      ({ at }) =>
        at.offset === offset && at.partition === partition && at.topic === topic && at.record === record,
    );
  }

  /**
   * The alert of an id, else the last one of an object of this name. What a classifier says has the same ids: it is
   * meant only where there is no alert.
   */
  named(id: string): KeptAlert | undefined {
    const all = this.every();
    return (
      named(
        all.filter(({ identity }) => identity !== undefined),
        id,
      ) ?? named(all, id)
    );
  }

  ofObject(objectId: string): KeptAlert[] {
    return this.every().filter((alert) => alert.objectId === objectId);
  }

  /** What the alert says that it is, else what any other message says of its object. */
  classOf({ classification, objectId }: KeptAlert): Classification | null {
    return classification ?? (objectId === null ? null : (this.classes.get(objectId) ?? null));
  }

  private learn(objectId: string, classification: Classification): void {
    this.classes.delete(objectId);
    this.classes.set(objectId, classification);
    if (this.classes.size > CLASSIFIED) this.classes.delete(this.classes.keys().next().value!);
  }

  private every(): KeptAlert[] {
    return [...this.topics.values()].flat();
  }

  private longest(): KeptAlert[] {
    return [...this.topics.values()].reduce((a, b) => (ringBytes(b) > ringBytes(a) ? b : a));
  }

  /** A file's alerts share its bytes: they are there once. */
  private hold({ message }: KeptAlert): void {
    const holders = this.holders.get(message) ?? 0;
    this.holders.set(message, holders + 1);
    if (holders === 0) this.bytes += sizeOf(message);
  }

  private drop(ring: KeptAlert[]): void {
    const { message } = ring.shift()!;
    const holders = this.holders.get(message)! - 1;
    if (holders > 0) this.holders.set(message, holders);
    else {
      this.holders.delete(message);
      this.bytes -= sizeOf(message);
    }
  }
}

function named(alerts: readonly KeptAlert[], id: string): KeptAlert | undefined {
  return alerts.find(({ alertId }) => alertId === id) ?? alerts.findLast(({ objectId }) => objectId === id);
}

const sizeOf = ({ value }: RawMessage): number => value?.length ?? 0;
const ringBytes = (ring: readonly KeptAlert[]): number =>
  ring.reduce((sum, { message }) => sum + sizeOf(message), 0);
