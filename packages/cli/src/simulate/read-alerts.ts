import { stat } from 'node:fs/promises';
import { isArchive, readAlertFile, readBytes } from '@apf/connectors';
import {
  ApfError,
  type AvroSchema,
  DatumReader,
  type Decoder,
  detectFraming,
  framingError,
  PoisonError,
  silent,
  type Datum,
} from '@apf/core';
import {
  DETECTOR_IMAGE_FIELDS,
  detectorImageOf,
  MOMENT_FIELDS,
  momentOf,
  TIME_FIELDS,
  valueAt,
  type Moment,
} from '@apf/alerts';
import type { AlertSet } from './alert-set.js';
import type { BadFiles } from './bad-files.js';
import type { MessageMaker } from './message-maker.js';
import type { ShownField } from './shown-field.js';

/** A plain file beyond this is read block by block, in bytes. */
const WHOLE = 32 * 1024 * 1024;

export interface ReadOptions {
  /** The schema of files that are bare values; containers bring their own. */
  readonly externalSchema?: AvroSchema | undefined;
  readonly shown?: ShownField | undefined;
  /** The dotted path of the time that orders alerts, where it is none that surveys have. */
  readonly timeField?: string | undefined;
  /** Whether alerts need a time. */
  readonly ordered: boolean;
  /** Whether alerts are grouped by their exposure and detector. */
  readonly grouped?: boolean;
  /** Undefined where messages are made when they are sent. */
  readonly maker: MessageMaker | undefined;
  readonly bad: BadFiles;
}

/** A container: a file, or an entry of an archive. */
export interface Container {
  /** The path; `archive#entry` in an archive. */
  readonly name: string;
  /** The file on the disk that it stands in. */
  readonly file: string;
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
  /** All of its bytes, where they are at hand. */
  readonly whole: Buffer | undefined;
}

/** Reads files of alerts into a set. */
export class AlertReader {
  private readonly data: DatumReader;
  private readonly external: Decoder | undefined;

  constructor(private readonly options: ReadOptions) {
    const { externalSchema, shown, timeField, grouped } = options;
    const fields = [
      ...MOMENT_FIELDS,
      ...(grouped ? DETECTOR_IMAGE_FIELDS : []),
      ...(timeField === undefined ? [] : [`${timeField}?`]),
      ...(shown === undefined ? [] : [`${shown.path}?`]),
    ];
    this.data = new DatumReader({ fields });
    this.external = externalSchema?.decoder({ fields });
  }

  /**
   * The containers of a file in their order; what cannot be read is noted as bad. Where an archive is damaged, whatever
   * was made of its containers before must go: `damaged` is called.
   */
  async *containers(file: string, damaged: () => void): AsyncGenerator<Container, void> {
    if (!isArchive(file) && (await isLarge(file))) {
      yield { name: file, file, chunks: readBytes(file), whole: undefined };
      return;
    }
    for await (const messages of readAlertFile(file, 0, silent)) {
      for (const { topic: name, value, unreadable } of messages) {
        if (unreadable) {
          if (name === file && isArchive(file)) damaged();
          await this.options.bad.add(name, name === file ? file : undefined, unreadable);
        } else if (value) yield { name, file, chunks: [value], whole: value };
      }
    }
  }

  /** Adds the first `limit` alerts of a container to the set; none of one that is broken, which is noted as bad. */
  async read(container: Container, set: AlertSet, limit = Infinity): Promise<void> {
    const { name, file, whole } = container;
    const before = set.length;
    try {
      // What is in memory anyway is looked through before anything is made of it.
      const held: [Datum<unknown>, AvroSchema][] = [];
      let left = limit;
      for await (const { data, schema } of this.blocks(container)) {
        const wanted = data.slice(0, left);
        left -= wanted.length;
        for (const datum of wanted) {
          if (whole) held.push([datum, schema]);
          else await this.add(set, datum, schema, name);
        }
        if (left === 0) break;
      }
      const alone = held.length === 1 && left > 0 ? whole : undefined;
      for (const [datum, schema] of held) await this.add(set, datum, schema, name, alone);
    } catch (error) {
      if (error instanceof ApfError && !(error instanceof PoisonError)) throw error;
      set.cut(before);
      await this.options.bad.add(name, name === file ? file : undefined, error);
    }
  }

  private async *blocks({
    chunks,
  }: Container): AsyncGenerator<{ data: readonly Datum<unknown>[]; schema: AvroSchema }, void> {
    const { externalSchema } = this.options;
    if (!this.external || !externalSchema) {
      for await (const { data, header } of this.data.read(chunks)) yield { data, schema: header.schema };
      return;
    }
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const framing = detectFraming(bytes);
    if (framing === 'lfs-pointer') throw framingError(bytes, 'an alert', 'one');
    if (framing === 'container') {
      throw new PoisonError('it is a container, which has a schema of its own: leave out --external-schema', {
        code: 'APF_FRAMING',
      });
    }
    yield { data: this.external.split(bytes, 0, bytes.length, 1), schema: externalSchema };
  }

  private async add(
    set: AlertSet,
    { bytes, value }: Datum<unknown>,
    schema: AvroSchema,
    name: string,
    whole?: Buffer,
  ): Promise<void> {
    const { maker, shown, ordered, grouped } = this.options;
    const moment = this.moment(value);
    if (ordered && !moment) {
      const known = this.options.timeField ?? TIME_FIELDS.join(', ');
      throw new PoisonError(
        `an alert has no time at ${known}: name the field with --time-field, or send alerts as they come with --order file`,
      );
    }
    const message = maker?.message(bytes, schema, whole) ?? { value: bytes, key: null };
    await set.add({
      bytes: message.value,
      key: message.key,
      schema,
      moment,
      image: grouped ? detectorImageOf(value) : undefined,
      shown: shown?.textOf(value, schema),
      name,
    });
  }

  private moment(value: unknown): Moment | undefined {
    const { timeField } = this.options;
    const known = momentOf(value);
    if (timeField === undefined) return known;
    const time = valueAt(value, timeField);
    if (typeof time !== 'number' && typeof time !== 'bigint') return undefined;
    return { time: Number(time), id: known?.id ?? null };
  }
}

/** One that is missing is not: reading it says so. */
async function isLarge(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.size > WHOLE;
}
