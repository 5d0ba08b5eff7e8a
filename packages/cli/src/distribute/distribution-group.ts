import { createHash } from 'node:crypto';

const PREFIX = 'apf-distribute';
/** Groups of more topics, or of longer names [characters], are named by a digest. */
const NAMED = 3;
const LONGEST = 150;

/**
 * The consumer group of a distribution from topics, where none is named: the same each time, so that the next run goes on
 * where this one has ended. Who distributes to other topics reads the stream for itself.
 */
export function distributionGroup(topics: readonly string[]): string {
  const sorted = [...topics].sort();
  const plain = sorted.join('-');
  if (topics.length <= NAMED && plain.length <= LONGEST) return `${PREFIX}-${plain}`;
  return `${PREFIX}-${createHash('sha256').update(sorted.join('\n')).digest('hex').slice(0, 8)}`;
}
