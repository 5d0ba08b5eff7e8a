import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import snappy from 'snappyjs';
import { PoisonError, toError } from '../errors.js';

/** The codecs that containers may be written with. */
export type ContainerCodec = 'null' | 'deflate' | 'snappy';

/** A block may not grow beyond this many bytes: an alert has a few MB at most, a bomb has any number. */
export const MAX_BLOCK = 128 * 1024 * 1024;
const CHECKSUM = 4;

/**
 * A container's block, decompressed: `null`, `deflate` (RFC 1951), `snappy` (with the CRC-32 of the plain bytes behind
 * it) or `zstandard`.
 * @throws PoisonError (APF_CODEC)
 */
export function decompress(codec: string, block: Buffer): Buffer {
  if (codec === 'null') return block;
  try {
    switch (codec) {
      case 'deflate':
        return zlib.inflateRawSync(block, { maxOutputLength: MAX_BLOCK });
      case 'snappy':
        return unsnappy(block);
      case 'zstandard':
        return unzstd(block);
    }
  } catch (error) {
    throw new PoisonError(`a block's ${codec} compression is damaged: ${toError(error).message}`, {
      code: 'APF_CODEC',
      cause: error,
    });
  }
  const known = 'null, deflate, snappy, zstandard';
  throw new PoisonError(
    `the container's codec is ${JSON.stringify(codec.slice(0, 40))}; known are ${known}`,
    {
      code: 'APF_CODEC',
    },
  );
}

export function compress(codec: ContainerCodec, block: Buffer): Buffer {
  switch (codec) {
    case 'null':
      return block;
    case 'deflate':
      return zlib.deflateRawSync(block);
    case 'snappy': {
      const checksum = Buffer.alloc(CHECKSUM);
      checksum.writeUInt32BE(zlib.crc32(block));
      return Buffer.concat([snappy.compress(block), checksum]);
    }
  }
}

function unsnappy(block: Buffer): Buffer {
  if (block.length < CHECKSUM) throw new Error('the block has no checksum');
  const plain = snappy.uncompress(block.subarray(0, -CHECKSUM), MAX_BLOCK);
  if (zlib.crc32(plain) !== block.readUInt32BE(block.length - CHECKSUM))
    throw new Error('the checksum is wrong');
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}

function unzstd(block: Buffer): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Decompress((part) => {
    total += part.length;
    if (total > MAX_BLOCK) throw new Error(`it grows beyond ${MAX_BLOCK} bytes`);
    parts.push(part);
  });
  checkWindow(block);
  stream.push(block, true);
  return Buffer.concat(parts, total);
}

/** A frame says how much memory to reserve (RFC 8878, 3.1.1.1), in two bytes that anybody can write. */
function checkWindow(block: Buffer): void {
  if (block.length < 6 || block.readUInt32LE(0) !== 0xfd2fb528) throw new Error('it is no zstandard frame');
  const singleSegment = (block[4]! & 0x20) !== 0;
  if (singleSegment) {
    const sizeBytes = 1 << (block[4]! >> 6);
    if (
      sizeBytes === 8 ||
      (sizeBytes === 4 && block.readUInt32LE(5 + dictionaryBytes(block[4]!)) > MAX_BLOCK)
    ) {
      throw new Error(`it grows beyond ${MAX_BLOCK} bytes`);
    }
    return;
  }
  const windowLog = 10 + (block[5]! >> 3);
  if (2 ** windowLog > MAX_BLOCK) throw new Error(`its window is 2^${windowLog} bytes`);
}

function dictionaryBytes(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3]!;
}
