import { access, constants, link, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AvroSchema,
  type Clock,
  FatalError,
  PoisonError,
  type Refused,
  type Sink,
  type StreamAlert,
  systemClock,
  toError,
  type TopicPartition,
} from '@apf/core';
import { AppendFile } from '../files/append-file.js';
import { cannotWrite } from '../files/cannot-write.js';
import { makeFolder, syncFolder } from '../files/folder.js';
import { type SavedAlert, schemaOf } from './alert-bytes.js';
import type { AlertWriter, FileFormat } from './file-format.js';
import { parseRangeName, rangeName, type SavedRange } from './range-name.js';

export interface RangeFileSinkOptions {
  readonly folder: string;
  readonly format: FileFormat;
  /** After so many bytes, of a file or of the messages on their way into it, or seconds, the next one begins. */
  readonly rotate: { readonly bytes: number; readonly seconds: number };
  /** What alerts are written with, where only some of their fields were read. */
  readonly project?: ((schema: AvroSchema) => AvroSchema) | undefined;
  readonly clock?: Clock | undefined;
}

interface OpenFile {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  last: number;
  readonly schema: AvroSchema | undefined;
  readonly file: AppendFile;
  readonly writer: AlertWriter;
  readonly begun: number;
  received: number;
}

/**
 * Alerts of each partition in files that are named by their first and last offset. A file bears its name once it is
 * whole and on the disk; what a crash leaves unfinished is thrown away and read again. So the names alone tell what is
 * saved, each alert once; see {@link SavingSource} for the commit.
 */
export class RangeFileSink implements Sink<StreamAlert> {
  private readonly open_ = new Map<string, OpenFile>();
  private readonly clock: Clock;
  private readonly covered = new Map<string, SavedRange[]>();
  /** One thing at a time: a file is not ended while alerts go into it. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RangeFileSinkOptions) {
    this.clock = options.clock ?? systemClock;
  }

  async open(): Promise<void> {
    const { folder } = this.options;
    try {
      await makeFolder(folder);
      await access(folder, constants.W_OK);
      await this.look();
      await removeLeftovers(folder);
    } catch (error) {
      throw cannotWrite('alerts', folder, 'APF_SINK', error);
    }
  }

  /** Finds out anew what is saved: another process may have saved a part of what this one is to read now. */
  async look(): Promise<void> {
    this.covered.clear();
    for (const range of await savedRanges(this.options.folder, this.options.format.extension)) {
      const ranges = this.covered.get(keyOf(range));
      if (ranges) ranges.push(range);
      else this.covered.set(keyOf(range), [range]);
    }
  }

  /** Whether there were files with alerts when it was last looked. */
  get holdsAny(): boolean {
    return this.covered.size > 0;
  }

  /** Whether a message's alerts are in a file already. */
  has({ topic, partition, offset }: TopicPartition & { readonly offset: number }): boolean {
    const ranges = this.covered.get(keyOf({ topic, partition }));
    // Nearly always the message is younger than all that was saved.
    if (!ranges || offset > ranges.at(-1)!.last) return false;
    return ranges.some(({ first, last }) => offset >= first && offset <= last);
  }

  /** The oldest offset of a partition that is in a file which is not whole yet; undefined where there is none. */
  unfinished(partition: TopicPartition): number | undefined {
    return this.open_.get(keyOf(partition))?.first;
  }

  /** Whether a file is so large or so old that the next one should begin. */
  get due(): boolean {
    return [...this.open_.values()].some((file) => this.isDue(file));
  }

  write(batch: readonly SavedAlert[]): Promise<readonly Refused[]> {
    return this.exclusive(async () => {
      const refused: Refused[] = [];
      for (let i = 0; i < batch.length;) {
        const { topic, partition } = batch[i]!.origin;
        let end = i + 1;
        while (
          end < batch.length &&
          batch[end]!.origin.partition === partition &&
          batch[end]!.origin.topic === topic
        )
          end++;
        await this.add(batch.slice(i, end), refused);
        i = end;
      }
      return refused;
    });
  }

  /** Alerts of one partition. */
  private async add(alerts: readonly SavedAlert[], refused: Refused[]): Promise<void> {
    for (let i = 0; i < alerts.length;) {
      const first = alerts[i]!;
      let end = i + 1;
      while (end < alerts.length && alerts[end]!.value.schema === first.value.schema) end++;
      const same = alerts.slice(i, end);
      i = end;
      try {
        const file = await this.fileFor(first);
        await file.writer.add(same);
        file.last = same.at(-1)!.origin.offset;
        for (const { origin } of same) file.received += origin.value?.length ?? 0;
      } catch (thrown) {
        if (!(thrown instanceof PoisonError)) throw thrown;
        for (const outgoing of same) refused.push({ outgoing, error: toError(thrown) });
      }
    }
  }

  private async fileFor(alert: SavedAlert): Promise<OpenFile> {
    const { format, project, folder } = this.options;
    const { topic, partition, offset } = alert.origin;
    const own = format.needsSchema ? schemaOf(alert.value) : alert.value.schema;
    const key = keyOf(alert.origin);
    const current = this.open_.get(key);
    if (current && current.schema === own) return current;
    if (current) await this.end(current);
    const path = join(
      folder,
      `${rangeName({ topic, partition, first: offset, last: offset }, 'part')}.${process.pid}`,
    );
    const file = await AppendFile.open(path, true);
    const writer = await format.begin(file, own && (project?.(own) ?? own));
    const begun = this.clock.now();
    const made = {
      topic,
      partition,
      first: offset,
      last: offset,
      schema: own,
      file,
      writer,
      begun,
      received: 0,
    };
    this.open_.set(key, made);
    return made;
  }

  async flush(): Promise<void> {
    // What is not in a whole file is not confirmed: SavingSource commits by what is.
  }

  /** Ends files that are due. */
  rotate(): Promise<void> {
    return this.exclusive(async () => {
      for (const file of [...this.open_.values()]) if (this.isDue(file)) await this.end(file);
    });
  }

  /** Ends the files of these partitions, or all. */
  finish(partitions?: readonly TopicPartition[]): Promise<void> {
    return this.exclusive(async () => {
      const files = partitions
        ? partitions.flatMap((partition) => this.open_.get(keyOf(partition)) ?? [])
        : [...this.open_.values()];
      for (const file of files) await this.end(file);
    });
  }

  /** Throws away what is not finished of partitions that others read now. */
  discard(partitions: readonly TopicPartition[]): Promise<void> {
    return this.exclusive(async () => {
      for (const partition of partitions) {
        const open = this.open_.get(keyOf(partition));
        if (!open) continue;
        this.open_.delete(keyOf(partition));
        await open.file.close().catch(() => undefined);
        await rm(open.file.path, { force: true });
      }
    });
  }

  /** What was not finished by now is thrown away: after a failure it is read again. */
  async close(): Promise<void> {
    await this.turn.catch(() => undefined);
    for (const { file } of this.open_.values()) {
      await file.close().catch(() => undefined);
      await rm(file.path, { force: true });
    }
    this.open_.clear();
  }

  private isDue({ received, file, begun }: OpenFile): boolean {
    const { bytes, seconds } = this.options.rotate;
    return Math.max(received, file.length) >= bytes || this.clock.now() - begun >= seconds * 1000;
  }

  private async end(open: OpenFile): Promise<void> {
    const { folder, format } = this.options;
    await open.writer.finish();
    await open.file.sync();
    await open.file.close();
    this.open_.delete(keyOf(open));
    const path = join(folder, rangeName(open, format.extension));
    try {
      await link(open.file.path, path);
      await rm(open.file.path);
      await syncFolder(folder);
    } catch (error) {
      await rm(open.file.path, { force: true });
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
        throw new FatalError(
          `'${path}' is there already: another run saves to this folder; give each its own`,
          {
            code: 'APF_SINK',
          },
        );
      }
      throw cannotWrite('alerts', path, 'APF_SINK', error);
    }
  }

  private exclusive<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act, act);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** What the files of a folder hold, by their names. */
export async function savedRanges(folder: string, extension: string): Promise<SavedRange[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => parseRangeName(name, extension) ?? []).sort((a, b) => a.first - b.first);
}

/** Files that a process which is gone did not finish. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /\.part\.(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && Number(owner) !== process.pid && !isAlive(Number(owner)))
      await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
