import { createHash } from 'node:crypto';
import type { Position } from '@apf/core';

/** Characters of the topic that stay in the name: file systems take 255 bytes, and the rest needs about 60. */
const TOPIC_LENGTH = 100;

/**
 * The name, without its ending, of the files that keep the dead letter of a position: the same for the same position,
 * another for any other, and harmless whatever the topic is (a topic may be a file's path or an archive's entry).
 */
export function deadLetterName({ topic, partition, offset }: Position): string {
  const readable = topic
    .slice(-TOPIC_LENGTH)
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '_');
  const exact = createHash('sha256').update(topic).digest('hex').slice(0, 12);
  return `${readable || '_'}-${exact}-${partition}-${offset}`;
}
