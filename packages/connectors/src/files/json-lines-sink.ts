import { PoisonError, toError, toJson, type Logger, type Outgoing, type Refused, type Sink } from '@apf/core';
import { AppendFile } from './append-file.js';
import { setTornTailAside } from './torn-tail.js';

export interface JsonLinesSinkOptions {
  /** The file to append to; it and its folder are made where they do not exist. One process writes to it. */
  readonly path: string;
  readonly logger: Logger;
}

/** Outputs as JSON, one a line: 64-bit integers as digits, bytes in base64. `flush` resolves once they are on the disk. */
export class JsonLinesSink implements Sink {
  private file: AppendFile | undefined;

  constructor(private readonly options: JsonLinesSinkOptions) {}

  async open(): Promise<void> {
    const file = await AppendFile.open(this.options.path);
    try {
      await setTornTailAside(file, false, this.options.logger);
      this.file = file;
    } finally {
      if (this.file === undefined) await file.close();
    }
  }

  async write(batch: readonly Outgoing[]): Promise<readonly Refused[]> {
    const lines: string[] = [];
    const refused: Refused[] = [];
    for (const outgoing of batch) {
      try {
        lines.push(`${toJson(outgoing.value)}\n`);
      } catch (cause) {
        const error = new PoisonError(`the output is no JSON: ${toError(cause).message}`, {
          code: 'APF_ENCODE',
          cause,
        });
        refused.push({ outgoing, error });
      }
    }
    await this.file?.append(Buffer.from(lines.join('')));
    return refused;
  }

  async flush(): Promise<void> {
    await this.file?.sync();
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }
}
