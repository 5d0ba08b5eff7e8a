import { FatalError, type ErrorCode, fileReason, printable } from '@apf/core';

/** The error of a run that must stop because `path` cannot be written: what, where, why, and what to do. */
export function cannotWrite(what: string, path: string, code: ErrorCode, thrown: unknown): FatalError {
  if (thrown instanceof FatalError) return thrown;
  return new FatalError(
    `${what} cannot be written to '${printable(path)}': ${fileReason(thrown)}; ${remedy(thrown)}`,
    { code, cause: thrown },
  );
}

function remedy(thrown: unknown): string {
  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'free some space or name a place on another disk, then start again';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `make it writable for this user (uid ${process.getuid?.() ?? '?'}), in a container by a volume, or name another place`;
    default:
      return 'check the path, then start again';
  }
}
