import { PoisonError, type Position } from '@apf/core';

/** An alert that cannot be read, and where it stands: the next poll goes on behind it. */
export class AlertError extends PoisonError {
  constructor(
    readonly position: Position,
    cause: PoisonError,
  ) {
    const { topic, partition, offset } = position;
    super(`${topic}[${partition}]@${offset}: ${cause.message}`, { code: cause.code, cause });
  }
}
