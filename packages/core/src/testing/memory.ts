import type { AvroSchema } from '../codecs/schema.js';
import {
  type Codec,
  END,
  type Outgoing,
  type Position,
  type RawMessage,
  type Refused,
  type Sink,
  type Source,
  type SourceEvents,
  type TopicPartition,
} from '../contracts.js';
import { Process } from './process.js';

/** In a {@link MemorySource}: the process dies here, as by `kill -9`. */
export const CRASH = Symbol('CRASH');
/** In a {@link MemorySource}: nothing more comes until `resumeAt` is called. */
export const PAUSE = Symbol('PAUSE');

export type MemoryItem = unknown;

/** A topic in memory: what was committed outlives a crash, `restart` reads on from there. */
export class MemorySource implements Source {
  readonly committed = new Map<string, number>();
  readonly events: { name: 'open' | 'pause' | 'resume' | 'close' | 'commit'; next?: readonly Position[] }[] =
    [];
  maxPollInterval?: number;
  private next = 0;
  private resume_: (() => void) | undefined;
  private paused = false;
  handlers: SourceEvents | undefined;

  /**
   * @param items values (one message each; Buffers as they are, anything else for {@link memoryCodec}), whole
   * RawMessages made by {@link message}, or the markers END, CRASH and PAUSE
   */
  constructor(
    private readonly items: readonly MemoryItem[],
    readonly process = new Process(),
    private readonly limit = Infinity,
  ) {}

  /** The same topic and commits, for the next process. */
  restart(process = new Process(), items = this.items.filter((item) => item !== CRASH)): MemorySource {
    const source = new MemorySource(items, process, this.limit);
    for (const [partition, offset] of this.committed) source.committed.set(partition, offset);
    return source;
  }

  async open(handlers: SourceEvents): Promise<void> {
    await this.process.living();
    this.handlers = handlers;
    this.events.push({ name: 'open' });
    await this.begin(handlers);
  }

  /** Reads on where somebody else keeps the offsets. */
  private async begin(handlers: SourceEvents): Promise<void> {
    if (!handlers.starts) return;
    const partitions = new Map<string, TopicPartition>();
    this.items.forEach((item, index) => {
      if (isMarker(item)) return;
      const { topic, partition } = toMessage(item, index);
      partitions.set(`${topic}-${partition}`, { topic, partition });
    });
    const offsets = await handlers.starts([...partitions.values()]);
    [...partitions.keys()].forEach((key, i) => {
      const offset = offsets[i];
      if (offset !== undefined) this.committed.set(key, offset);
    });
  }

  async poll(max: number, signal: AbortSignal): Promise<readonly RawMessage[] | typeof END> {
    // A poll takes a turn of the event loop, as a real one does.
    await new Promise((resolve) => setImmediate(resolve));
    await this.process.living();
    const messages: RawMessage[] = [];
    while (messages.length < Math.min(max, this.limit) && !this.paused) {
      if (this.next >= this.items.length) break;
      const item = this.items[this.next];
      if (isMarker(item) && messages.length > 0) break;
      if (item === CRASH) return this.process.crash();
      if (item === END) return END;
      if (item === PAUSE) {
        await new Promise<void>((resolve) => {
          this.resume_ = resolve;
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        if (!signal.aborted) this.next++;
        return [];
      }
      const raw = toMessage(item, this.next++);
      if (raw.offset >= (this.committed.get(`${raw.topic}-${raw.partition}`) ?? 0)) messages.push(raw);
    }
    return messages.length === 0 && this.next >= this.items.length ? END : messages;
  }

  /** Goes on after a PAUSE. */
  resumeAfterPause(): void {
    this.resume_?.();
  }

  pause(): void {
    this.paused = true;
    this.events.push({ name: 'pause' });
  }

  resume(): void {
    this.paused = false;
    this.events.push({ name: 'resume' });
  }

  async commit(next: readonly Position[]): Promise<void> {
    await this.process.living();
    this.events.push({ name: 'commit', next });
    for (const { topic, partition, offset } of next) this.committed.set(`${topic}-${partition}`, offset);
  }

  async close(): Promise<void> {
    await this.process.living();
    this.events.push({ name: 'close' });
  }
}

/** A sink in memory: `confirmed` is what was flushed, `written` what was only written. */
export class MemorySink<T = unknown> implements Sink<T> {
  confirmed: Outgoing<T>[] = [];
  written: Outgoing<T>[] = [];
  opened = 0;
  closed = 0;

  constructor(
    public process = new Process(),
    /** Called at each `write` and `flush`, to fail them, crash, wait, or refuse outputs. */
    public behave: (
      what: 'write' | 'flush',
      batch: readonly Outgoing<T>[],
    ) => void | readonly Refused[] | Promise<void | readonly Refused[]> = () => undefined,
  ) {}

  get values(): T[] {
    return this.confirmed.map(({ value }) => value);
  }

  async open(): Promise<void> {
    await this.process.living();
    this.opened++;
  }

  async write(batch: readonly Outgoing<T>[]): Promise<readonly Refused[] | void> {
    await this.process.living();
    const refused = (await this.behave('write', batch)) ?? [];
    await this.process.living();
    const gone = new Set(refused.map(({ outgoing }) => outgoing));
    this.written.push(...batch.filter((outgoing) => !gone.has(outgoing)));
    return refused;
  }

  async flush(): Promise<readonly Refused[] | void> {
    await this.process.living();
    const refused = await this.behave('flush', this.written);
    await this.process.living();
    this.confirmed.push(...this.written.splice(0));
    return refused;
  }

  async close(): Promise<void> {
    await this.process.living();
    this.closed++;
  }
}

const isMarker = (item: MemoryItem): boolean => item === END || item === CRASH || item === PAUSE;

const values = new WeakMap<RawMessage, unknown>();

/** A message for a {@link MemorySource}; a value that is no Buffer is handed over by {@link memoryCodec}. */
export function message(value: unknown, place: Partial<Omit<RawMessage, 'value'>> = {}): RawMessage {
  const bytes = value === null ? null : Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  const raw: RawMessage = { topic: 'memory', partition: 0, offset: 0, ...place, value: bytes };
  values.set(raw, value);
  return raw;
}

function toMessage(item: unknown, offset: number): RawMessage {
  return typeof item === 'object' && item !== null && values.has(item as RawMessage)
    ? (item as RawMessage)
    : message(item, { offset });
}

/**
 * Gives the values that a {@link MemorySource} was made of, without encoding them.
 * @param schema of the values, for steps that ask for an alert's Avro bytes
 */
export function memoryCodec<T>(schema?: AvroSchema): Codec<T> {
  return {
    decode: (_bytes, raw) => [values.get(raw as RawMessage) as T],
    encode: () => Buffer.alloc(0),
    written: (raw) => schema && { schema, bytes: schema.encode(values.get(raw)) },
  };
}
