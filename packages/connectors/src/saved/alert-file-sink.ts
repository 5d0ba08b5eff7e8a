import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { type AvroSchema, FatalError, type Refused, type Sink, type StreamAlert, toError } from '@apf/core';
import { cannotWrite } from '../files/cannot-write.js';
import { makeFolder, syncFolder } from '../files/folder.js';
import { bareValue, containerWriter, type SavedAlert, schemaOf } from './alert-bytes.js';
import { alertName, placeName } from './alert-name.js';
import { writeOnce } from './write-once.js';

export interface AlertFileSinkOptions {
  readonly folder: string;
  /** Whether a file of that name may be replaced. @default false */
  readonly overwrite?: boolean | undefined;
  /** What alerts are written with, where only some of their fields were read. */
  readonly project?: ((schema: AvroSchema) => AvroSchema) | undefined;
}

/** Files that are written at the same time. */
const AT_ONCE = 16;

/**
 * Each alert as an Avro file of its own, `ZTF18aaa_1234.avro`. A file is never overwritten unasked: the same alert again
 * changes nothing, another one of that name gets its place in the stream behind the name. `flush` resolves once all are
 * on the disk.
 */
export class AlertFileSink implements Sink<StreamAlert> {
  /** Files written, and alerts whose files were there already. */
  written = 0;
  known = 0;

  constructor(private readonly options: AlertFileSinkOptions) {}

  async open(): Promise<void> {
    const { folder } = this.options;
    try {
      await makeFolder(folder);
      await access(folder, constants.W_OK);
    } catch (error) {
      throw cannotWrite('alerts', folder, 'APF_SINK', error);
    }
  }

  async write(batch: readonly SavedAlert[]): Promise<readonly Refused[]> {
    const refused: Refused[] = [];
    const saved = async (outgoing: SavedAlert): Promise<void> => {
      try {
        await this.save(outgoing);
      } catch (thrown) {
        if (thrown instanceof FatalError) throw thrown;
        refused.push({ outgoing, error: toError(thrown) });
      }
    };
    for (let i = 0; i < batch.length; i += AT_ONCE) await Promise.all(batch.slice(i, i + AT_ONCE).map(saved));
    return refused;
  }

  private async save(outgoing: SavedAlert): Promise<void> {
    const { folder, overwrite, project } = this.options;
    const own = schemaOf(outgoing.value);
    const schema = project?.(own) ?? own;
    const bytes = containerWriter(schema).writeEncoded([bareValue(outgoing, schema)]);
    const name = alertName(outgoing.value.value, outgoing.origin);
    let found = await writeOnce(join(folder, `${name}.avro`), bytes, overwrite);
    if (found === 'other') {
      const path = join(folder, `${name}-${placeName(outgoing.origin)}.avro`);
      found = await writeOnce(path, bytes);
      if (found === 'other') {
        throw new FatalError(
          `'${path}' is there with other bytes, from a run with other options: save to another folder, or overwrite`,
          { code: 'APF_SINK' },
        );
      }
    }
    if (found === 'written') this.written++;
    else this.known++;
  }

  async flush(): Promise<void> {
    await syncFolder(this.options.folder);
  }

  async close(): Promise<void> {
    // Every file is closed already.
  }
}
