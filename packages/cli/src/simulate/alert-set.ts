import type { Spool } from '@apf/connectors';
import type { AvroSchema, Outgoing } from '@apf/core';
import { groupsByImage, type Moment } from '@apf/alerts';

/** An alert as it is put into a set. */
export interface SetAlert {
  /** Its message's value, or its encoded value where the message is made later. */
  readonly bytes: Buffer;
  readonly key: Buffer | null;
  readonly schema: AvroSchema;
  readonly moment: Moment | undefined;
  /** The exposure and detector that it comes from, where alerts are grouped by it. */
  readonly image?: string | undefined;
  /** What is shown of it on the screen. */
  readonly shown: string | undefined;
  /** The file that it came from. */
  readonly name: string;
}

/**
 * Alerts that are to be sent, larger than memory if need be: of each the time and id that order it are held, its bytes
 * are spooled.
 */
export class AlertSet {
  private alerts: Omit<SetAlert, 'bytes'>[] = [];
  private places: number[] = [];
  private sizes: number[] = [];
  private order: number[] | undefined;

  constructor(private readonly spool: Spool) {}

  get length(): number {
    return this.alerts.length;
  }

  async add({ bytes, ...alert }: SetAlert): Promise<void> {
    this.places.push(await this.spool.append(bytes));
    this.sizes.push(bytes.length);
    this.alerts.push(alert);
  }

  /** Drops all alerts but the first `length`: those of a file that turned out to be damaged. */
  cut(length: number): void {
    for (const list of [this.alerts, this.places, this.sizes]) list.length = length;
  }

  /** Orders the set earliest first, what is equally early by its id, and else as it came. */
  sort(): void {
    const { alerts } = this;
    const order = alerts.map((_, i) => i);
    this.order = order.sort((a, b) => compare(alerts[a]!.moment, alerts[b]!.moment) || a - b);
  }

  /** Orders the set by groups of the same exposure and detector. @returns the sizes of the groups */
  group(): number[] {
    const groups = groupsByImage(this.alerts.map(({ image }) => image));
    this.order = groups.flat();
    return groups.map(({ length }) => length);
  }

  /** The alert at a place in the order of the set. */
  at(place: number): Omit<SetAlert, 'bytes'> {
    return this.alerts[this.order?.[place] ?? place]!;
  }

  /** Bytes of the first `count` alerts in the order of the set. */
  bytesOf(count: number): number {
    let bytes = 0;
    for (let place = 0; place < count; place++) bytes += this.sizes[this.order?.[place] ?? place]!;
    return bytes;
  }

  /** The alerts from a place up to, not including, another, to be sent. */
  outgoing(from: number, to: number): Outgoing<Buffer>[] {
    const indexes = Array.from({ length: to - from }, (_, i) => this.order?.[from + i] ?? from + i);
    const values = this.spool.read(
      indexes.map((index) => ({ at: this.places[index]!, length: this.sizes[index]! })),
    );
    return indexes.map((index, i) => {
      const { key, name } = this.alerts[index]!;
      return { value: values[i]!, key, origin: { topic: name, partition: 0, offset: index, value: null } };
    });
  }

  async clear(): Promise<void> {
    this.cut(0);
    this.order = undefined;
    await this.spool.clear();
  }

  close(): Promise<void> {
    return this.spool.close();
  }
}

function compare(a: Moment | undefined, b: Moment | undefined): number {
  if (!a || !b) return 0;
  if (a.time !== b.time) return a.time - b.time;
  const [first, second] = [a.id ?? 0n, b.id ?? 0n];
  return first < second ? -1 : first > second ? 1 : 0;
}
