import {
  type Logger,
  PoisonError,
  type RawMessage,
  silent,
  StreamCodec,
  type StreamCodecOptions,
} from '@apf/core';
import { listFiles } from '../files/list-files.js';
import { ALERT_FILES, readAlertFile } from '../files/read-alert-file.js';
import { AlertError } from './alert-error.js';

export interface AlertReaderOptions extends Pick<
  StreamCodecOptions,
  'schema' | 'schemas' | 'int64' | 'fields'
> {
  readonly logger?: Logger | undefined;
}

/** Alerts from files: Avro, gzipped Avro, tar archives of them, folders and lists of these; any number in each. */
export class AlertReader<T = unknown> implements AsyncIterable<T> {
  private readonly paths: readonly string[];

  /** @param path a file, a folder (with all below it), a glob, or a list of these */
  constructor(
    path: string | readonly string[],
    private readonly options: AlertReaderOptions = {},
  ) {
    this.paths = typeof path === 'string' ? [path] : path;
  }

  /** One alert after the other, files by name. @throws AlertError for a file that cannot be read, with its path */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    const { logger = silent } = this.options;
    const codec = new StreamCodec<T>(this.options);
    for (const file of await listFiles(this.paths, ALERT_FILES, logger)) {
      for await (const messages of readAlertFile(file, 0, logger))
        for (const message of messages) yield* await this.alertsOf(codec, message);
    }
  }

  /** The first `size` alerts; all of them by default. */
  async toList(size = Infinity): Promise<T[]> {
    const alerts: T[] = [];
    if (size <= 0) return alerts;
    for await (const alert of this) {
      alerts.push(alert);
      if (alerts.length >= size) break;
    }
    return alerts;
  }

  private async alertsOf(codec: StreamCodec<T>, message: RawMessage): Promise<T[]> {
    try {
      if (message.unreadable) throw message.unreadable;
      await codec.prepare([message]);
      return codec.decode(message.value!, message).map(({ value }) => value);
    } catch (error) {
      throw error instanceof PoisonError ? new AlertError(message, error) : error;
    }
  }
}
