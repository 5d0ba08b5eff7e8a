import { ContextDatabase, type DatabaseHost } from './context-database.js';
import type { Codec, Header, Logger, Outgoing, RawMessage, WrittenAlert } from './contracts.js';
import { FatalError } from './errors.js';

/** What the contexts of one run share. */
export interface ContextHost {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Names of the outputs that `produce` may be given. */
  readonly outputs: ReadonlySet<string>;
  readonly codec: Pick<Codec, 'written'>;
  /** Absent where settings name no database. */
  readonly database?: DatabaseHost | undefined;
}

export interface SideOutput {
  readonly name: string;
  readonly outgoing: Outgoing;
}

export interface ProduceOptions {
  readonly key?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/**
 * What `execute` learns of an alert besides the alert itself. The payload is never touched, so topic and time are here.
 * A class with getters, and nothing computed before it is asked for: one is made for every alert.
 */
export class AlertContext {
  /** @internal Side outputs of the present attempt; made when there is one. */
  sideOutputs: SideOutput[] | undefined = undefined;
  /** @internal Made when it is asked for. */
  database: ContextDatabase | undefined = undefined;

  constructor(
    private readonly host: ContextHost,
    /** The message from which the alert was decoded. */
    readonly message: RawMessage,
    /** 1 at the first attempt. */
    readonly attempt: number,
    /** Which of the message's alerts it is; 0 for the first. */
    readonly record = 0,
  ) {}

  get topic(): string {
    return this.message.topic;
  }
  get partition(): number {
    return this.message.partition;
  }
  get offset(): number {
    return this.message.offset;
  }
  /** The Kafka key, a view of the message's memory; null where it has none. */
  get key(): Buffer | null {
    const { key } = this.message;
    return typeof key === 'string' ? Buffer.from(key) : (key ?? null);
  }
  /** Headers by name; of a repeated one the last. */
  get headers(): Readonly<Record<string, Buffer>> {
    return headersOf(this.message.headers);
  }
  /** Milliseconds since 1970 by the broker's clock, or undefined. */
  get timestamp(): number | undefined {
    return this.message.timestamp;
  }
  /** Aborted when the step is told to stop: long waits should watch it. */
  get signal(): AbortSignal {
    return this.host.signal;
  }
  get logger(): Logger {
    return this.host.logger;
  }
  /** Rows for the database, written with what else comes of this alert: all of them, or none. */
  get db(): ContextDatabase {
    return (this.database ??= new ContextDatabase(this.host.database, this.message));
  }

  /**
   * The alert as it was written, whatever `FIELDS` leaves out: Avro without any framing (a view of the message: copy it to
   * keep it), and its schema. What is stored of it decodes to the very same values.
   * @throws FatalError for alerts that are not Avro
   */
  avro(): WrittenAlert {
    const written = this.host.codec.written?.(this.message, this.record);
    if (written) return written;
    throw new FatalError('the alerts are not Avro: there are no bytes to store, and no schema', {
      code: 'APF_SCHEMA',
    });
  }

  /**
   * Adds to a named side output (`SIDE_OUTPUTS` in settings.ts). It is written and confirmed with the batch, before
   * the commit; what a failed `execute` produced is discarded.
   */
  produce(name: string, value: unknown, options: ProduceOptions = {}): void {
    if (!this.host.outputs.has(name)) {
      const known = [...this.host.outputs].join(', ') || 'none';
      throw new Error(`there is no side output '${name}'; settings.ts names: ${known}`);
    }
    (this.sideOutputs ??= []).push({ name, outgoing: { value, origin: this.message, ...options } });
  }
}

/** The contexts of a batch, in the order of its alerts, and the means to fail some of them. */
export class BatchContext {
  /** @internal */
  readonly failures = new Map<number, Error>();
  /** @internal Made when it is asked for. */
  database: ContextDatabase | undefined = undefined;

  constructor(
    private readonly host: ContextHost,
    readonly contexts: readonly AlertContext[],
  ) {}

  get length(): number {
    return this.contexts.length;
  }
  /** The context of alert `index`. */
  at(index: number): AlertContext {
    const context = this.contexts[index];
    if (!context) throw new RangeError(`the batch has no alert ${index}, only ${this.contexts.length}`);
    return context;
  }
  get signal(): AbortSignal {
    return this.host.signal;
  }
  get logger(): Logger {
    return this.host.logger;
  }
  /**
   * Rows that come of the batch as a whole; they count as the last alert's. Rows of one alert go to `at(index).db`, so
   * that one that cannot be written takes no other with it.
   */
  get db(): ContextDatabase {
    return (this.database ??= new ContextDatabase(this.host.database, this.at(this.length - 1).message));
  }
  [Symbol.iterator](): IterableIterator<AlertContext> {
    return this.contexts[Symbol.iterator]();
  }

  /** Marks one alert as failed: the rest of the batch has succeeded. Its results must not be returned. */
  fail(index: number, error: Error): void {
    this.at(index);
    this.failures.set(index, error);
  }

  /** As {@link AlertContext.produce}, for the alert `index`. */
  produce(index: number, name: string, value: unknown, options?: ProduceOptions): void {
    this.at(index).produce(name, value, options);
  }
}

/** Headers as a plain object with Buffers. */
export function headersOf(headers: readonly Header[] | undefined): Record<string, Buffer> {
  const result: Record<string, Buffer> = Object.create(null) as Record<string, Buffer>;
  for (const header of headers ?? []) {
    for (const name of Object.keys(header)) {
      const value = header[name];
      if (value !== undefined) result[name] = typeof value === 'string' ? Buffer.from(value) : value;
    }
  }
  return result;
}
