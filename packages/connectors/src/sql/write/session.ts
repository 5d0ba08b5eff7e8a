import type { Row } from '@apf/core';
import type { Operation } from './operation.js';

/**
 * One connection, on which transactions are run one after the other. Rejects with a RetryableError for what passes, a
 * PoisonError for what only these rows have, a FatalError for all else.
 */
export interface Session {
  /** Connects where it must. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Never rejects: a connection that cannot even do this is given up. */
  rollback(): Promise<void>;
  /** Sets the mark to which {@link undo} goes back; one at a time. */
  savepoint(): Promise<void>;
  /** Takes back what was done since the savepoint, and removes it. */
  undo(): Promise<void>;
  /** Removes the savepoint. @param thorough checks constraints that would otherwise wait for the commit */
  release(thorough: boolean): Promise<void>;
  /** A statement with its parameters as `$1`, `$2`. */
  run(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  apply(operation: Operation): Promise<void>;
  close(): Promise<void>;
}
