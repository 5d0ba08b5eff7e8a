import { createReadStream } from 'node:fs';
import { finished, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The bytes of a file as a stream, unpacked when its name ends in `.gz`. Destroying it closes the file. */
export function readBytes(path: string): Readable {
  const file = createReadStream(path);
  if (!path.toLowerCase().endsWith('.gz')) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  finished(unpacked, () => file.destroy());
  return file.pipe(unpacked);
}
