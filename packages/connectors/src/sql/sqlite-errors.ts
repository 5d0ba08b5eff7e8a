import { FatalError, PoisonError, RetryableError, UsageError } from '@apf/core';

/** Codes that time or an operator mends. */
const PASSING = /^SQLITE_(LOCKED|IOERR|NOMEM|INTERRUPT|PROTOCOL)/;
/** Codes that only this row has. */
const OF_A_ROW = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** What SQLite's error means for a run, in one line. @param path of the database */
export function sqliteError(thrown: unknown, path: string): Error {
  const error = thrown as Error & { readonly code?: unknown };
  const { code, message: text } = error;
  const details = { code: 'APF_DATABASE', cause: error } as const;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) {
    if (/directory does not exist/i.test(text)) {
      return new UsageError(
        `the database ${path} cannot be made: its folder does not exist; make it, or name another file`,
        details,
      );
    }
    // Values that better-sqlite3 cannot bind, a bigint beyond 64 bits say.
    return error.name === 'TypeError' || error.name === 'RangeError'
      ? new PoisonError(`SQLite cannot hold the value: ${text}`, { code: 'APF_ROW', cause: error })
      : new FatalError(`the database ${path}: ${text}`, details);
  }
  if (OF_A_ROW.test(code))
    return new PoisonError(`the row cannot be written: ${text}`, { code: 'APF_ROW', cause: error });
  if (code.startsWith('SQLITE_FULL')) {
    return new RetryableError(`no space is left on the disk of the database ${path}`, undefined, details);
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new RetryableError(`another process holds the database ${path} locked`, undefined, details);
  }
  if (PASSING.test(code))
    return new RetryableError(`the database ${path}: ${text} (${code})`, undefined, details);
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return new FatalError(
      `the database ${path} cannot be opened: check that its folder exists and may be written to`,
      details,
    );
  }
  if (/ON CONFLICT clause does not match/.test(text)) {
    return new FatalError(
      `the database ${path}: DB_CONFIG.KEY must name the columns of a primary key or of a unique index (${text})`,
      details,
    );
  }
  if (code === 'SQLITE_NOTADB') {
    return new FatalError(
      `${path} is no SQLite database: name another file with FILE_PATH, or move it away`,
      details,
    );
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new FatalError(
      `the database ${path} may not be written to: check the permissions of the file and its folder`,
      details,
    );
  }
  return new FatalError(`the database ${path}: ${text} (${code})`, details);
}
