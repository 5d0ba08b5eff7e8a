import { printable } from './printable.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than this user may make one',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already and is not a folder',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk reports a fault',
  ERR_BUFFER_TOO_LARGE: 'it unpacks to more than one message may hold',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than one message may be',
  Z_DATA_ERROR: 'its gzip data are damaged',
  Z_BUF_ERROR: 'its gzip data end too early',
};

/** Why a file operation failed, in words and with the system's own code: `the disk is full (ENOSPC)`. */
export function fileReason(thrown: unknown): string {
  const { code, message } = thrown as Partial<NodeJS.ErrnoException>;
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? printable(message ?? String(thrown)) : `${reason} (${code})`;
}
