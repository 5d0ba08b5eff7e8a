import { stat } from 'node:fs/promises';
import type { Logger, RawMessage } from '@apf/core';
import { listFiles } from './list-files.js';
import { PullSource } from './pull-source.js';
import { readBytes } from './read-bytes.js';
import { JsonSplitter } from './split-json.js';
import { unreadable } from './unreadable.js';

const ENDINGS = ['.jsonl', '.ndjson', '.json'].flatMap((ending) => [ending, `${ending}.gz`]);

export interface JsonLinesSourceOptions {
  /** A folder (read with all its subfolders), a glob, a file, or several of these. */
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly logger: Logger;
}

/**
 * JSON files as messages, for the framing `json`: one a line, or one an element where the file is a single array (as
 * APF's JSONConsumer reads it). Gzipped when the name ends in `.gz`. A file of any size is streamed. The topic is the
 * file's path as given, the offset the number of the record in it, from 0; the timestamp the file's last change.
 *
 * A file that breaks off is read up to there; a message marked `unreadable` stands for the rest.
 */
export class JsonLinesSource extends PullSource {
  private files: readonly string[] = [];

  constructor(private readonly options: JsonLinesSourceOptions) {
    super();
  }

  override async open(): Promise<void> {
    const { path, paths, logger } = this.options;
    this.files = await listFiles([...(path === undefined ? [] : [path]), ...(paths ?? [])], ENDINGS, logger);
  }

  protected override async *read(): AsyncGenerator<readonly RawMessage[], void> {
    for (const file of this.files) yield* this.readFile(file);
  }

  private async *readFile(topic: string): AsyncGenerator<readonly RawMessage[], void> {
    const splitter = new JsonSplitter();
    const values: Buffer[] = [];
    let offset = 0;
    let timestamp: number | undefined;
    const take = (): RawMessage[] =>
      values.splice(0).map((value) => ({ topic, partition: 0, offset: offset++, timestamp, value }));
    try {
      timestamp = Math.floor((await stat(topic)).mtimeMs);
      for await (const chunk of readBytes(topic)) {
        splitter.push(chunk as Buffer, values);
        if (values.length > 0) yield take();
      }
      splitter.end(values);
      yield take();
    } catch (cause) {
      yield take();
      yield [unreadable({ topic, offset, timestamp, bytes: splitter.rest(), cause }, this.options.logger)];
    }
  }
}
