import type { Held } from './assignment.js';

/**
 * The offset up to which a partition is read and committed. Behind its last message there may be transaction markers:
 * only the client's position tells that they are passed, and it counts once all that was delivered is committed.
 */
export function doneUpTo(
  held: Held,
  known: {
    /** What the group has committed, as far as it is known. */
    readonly committed: number;
    /** The client's position; undefined before the first message, or where more was consumed than was delivered. */
    readonly position: number | undefined;
    /** False with `COMMIT: false`: what is delivered counts as done. */
    readonly commits: boolean;
  },
): number {
  const { committed, position, commits } = known;
  const delivered = held.next ?? committed;
  const finished = !commits || delivered <= Math.max(held.committed ?? -1, held.start ?? -1, committed);
  return finished ? Math.max(committed, delivered, position ?? -1) : committed;
}
