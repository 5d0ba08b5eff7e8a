import { PoisonError } from '../errors.js';

/** What bytes look like. `confluent` is a guess: any bytes may begin with a zero. */
export type DetectedFraming = 'container' | 'confluent' | 'lfs-pointer' | 'json' | 'unknown';

const CONFLUENT_HEADER = 5;
/** Registries count their ids from 1; the surveys' are below 100,000. */
const LIKELY_ID = 10_000_000;

/** Tells framings apart by the first bytes. */
export function detectFraming(bytes: Buffer): DetectedFraming {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0x4f626a01) return 'container';
  if (isLfsPointer(bytes)) return 'lfs-pointer';
  if (looksLikeJson(bytes)) return 'json';
  if (bytes.length > CONFLUENT_HEADER && bytes[0] === 0) {
    const id = bytes.readUInt32BE(1);
    if (id > 0 && id < LIKELY_ID) return 'confluent';
  }
  return 'unknown';
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function isLfsPointer(bytes: Buffer): boolean {
  return (
    bytes.length < 1024 && bytes.toString('latin1', 0, 42) === 'version https://git-lfs.github.com/spec/v1'
  );
}

function looksLikeJson(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 64).trimStart();
  return start.startsWith('{') || start.startsWith('[');
}

/** The error for bytes that do not begin as they should; it says what they look like. */
export function framingError(bytes: Buffer, wanted: string, magic: string): PoisonError {
  if (isLfsPointer(bytes)) {
    return new PoisonError('a Git LFS pointer stands where the alert should be; run `git lfs pull`', {
      code: 'APF_LFS_POINTER',
    });
  }
  if (bytes.length === 0)
    return new PoisonError(`no bytes where ${wanted} should be`, { code: 'APF_TRUNCATED' });
  const likely = detectFraming(bytes);
  const hint = likely === 'unknown' ? '' : `; they look like ${likely}`;
  const start = bytes.subarray(0, 8).toString('hex');
  return new PoisonError(`the bytes are not ${wanted}: they begin with ${start}, not ${magic}${hint}`, {
    code: 'APF_FRAMING',
  });
}

/** Confluent's wire format: byte 0, then the schema's id, unsigned 32-bit big-endian. */
export function readConfluentHeader(bytes: Buffer): number {
  if (bytes[0] !== 0) throw framingError(bytes, 'in Confluent framing', '00');
  if (bytes.length < CONFLUENT_HEADER) {
    throw new PoisonError('the bytes end within the Confluent header', { code: 'APF_TRUNCATED' });
  }
  return bytes.readUInt32BE(1);
}

export function writeConfluent(id: number, value: Buffer): Buffer {
  const header = Buffer.alloc(CONFLUENT_HEADER);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, value]);
}

export const CONFLUENT_VALUE = CONFLUENT_HEADER;
