import type { Logger, RawMessage } from '@apf/core';
import { listFiles } from './list-files.js';
import { PullSource } from './pull-source.js';
import { ALERT_FILES, readAlertFile } from './read-alert-file.js';

export interface AvroFileSourceOptions {
  /** A folder (read with all its subfolders), a glob, a file, or several of these. */
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Starts again after the last file, for ever: for demonstrations and load tests. */
  readonly endless?: boolean | undefined;
  readonly logger: Logger;
}

/**
 * Avro files as messages: each `.avro` or `.avro.gz` file is one (and any that is named, whatever its ending), as on Kafka, wherever it stands: by itself, in a
 * folder, or in a `.tar`, `.tar.gz` or `.tgz` archive, which is streamed and never held. The topic is the file's path
 * as given (`archive.tar.gz#entry` in an archive), the offset 0 (with `endless`, the number of the pass), the
 * timestamp the time of the file's last change.
 *
 * A file or archive that cannot be read whole is a message marked `unreadable`, so that it becomes a dead letter.
 */
export class AvroFileSource extends PullSource {
  private readonly paths: readonly string[];
  private files: readonly string[] = [];

  constructor(private readonly options: AvroFileSourceOptions) {
    super();
    this.paths = [...(options.path === undefined ? [] : [options.path]), ...(options.paths ?? [])];
  }

  override async open(): Promise<void> {
    this.files = await listFiles(this.paths, ALERT_FILES, this.options.logger);
  }

  protected override async *read(): AsyncGenerator<readonly RawMessage[], void> {
    let pass = 0;
    do {
      for (const file of this.files) {
        yield* readAlertFile(file, pass, this.options.logger);
      }
      pass++;
    } while (this.options.endless);
  }
}
