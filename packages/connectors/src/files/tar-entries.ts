import { createReadStream } from 'node:fs';
import { PassThrough, Transform, type TransformCallback, type Writable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

export interface TarEntry {
  readonly header: Header;
  /** The entry's bytes; null for one that `wanted` did not want. */
  readonly bytes: Buffer | null;
}

/**
 * The entries of a tar archive (gzipped or not), one at a time: no more than one is held in memory. Throws where the
 * archive is damaged, after the last entry that was whole.
 *
 * @param wanted whether an entry's bytes are to be read, asked before they are.
 */
export async function* tarEntries(
  path: string,
  wanted: (header: Header) => boolean,
): AsyncGenerator<TarEntry, void> {
  const file = createReadStream(path);
  const entries = extract();
  const endMark = new EndMark();
  // A sync flush gives out all that a truncated archive still holds; that it is truncated is then tar's finding.
  const unpacked = /gz$/i.test(path)
    ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
    : new PassThrough();
  const broken = (error: Error): unknown => entries.destroy(error);
  file.on('error', broken).pipe(unpacked).on('error', broken).pipe(endMark);
  // tar-stream's streams are streamx's: they work as Node's do, their types are others.
  endMark.pipe(entries as unknown as Writable);
  try {
    for await (const entry of entries) {
      if (wanted(entry.header)) {
        yield { header: entry.header, bytes: await bytesOf(entry as unknown as AsyncIterable<Buffer>) };
      } else {
        entry.resume();
        yield { header: entry.header, bytes: null };
      }
    }
  } finally {
    for (const stream of [file, unpacked, endMark, entries]) stream.destroy();
  }
  if (!endMark.seen) throw new Error('the archive has no end mark: it is cut short, entries may be missing');
}

async function bytesOf(entry: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/**
 * Notes whether the archive ends in a block of zeros, as POSIX pax demands. One cut between two entries does not, and
 * tar-stream takes it for whole.
 */
class EndMark extends Transform {
  private tail: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.tail = chunk.length >= 512 ? chunk.subarray(-512) : Buffer.concat([this.tail, chunk]).subarray(-512);
    done(null, chunk);
  }

  get seen(): boolean {
    return this.tail.length === 512 && this.tail.every((byte) => byte === 0);
  }
}
