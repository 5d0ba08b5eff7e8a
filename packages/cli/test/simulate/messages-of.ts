import type { RawMessage } from '@apf/core';
import { testSource } from '../../../connectors/test/kafka/kafka-fixture.js';
import { Reader } from '../../../connectors/test/kafka/reader.js';

/** Everything that a topic holds now, each partition in its order. */
export async function messagesOf(servers: string, topic: string): Promise<readonly RawMessage[]> {
  const reader = await new Reader(testSource(servers, topic, { offsets: { end: 'latest' } }).source).start();
  try {
    await reader.end();
  } finally {
    await reader.close();
  }
  return reader.messages;
}
