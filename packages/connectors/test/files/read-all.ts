import { END, type RawMessage, type Source } from '@apf/core';

const NO_EVENTS = { revoked: async (): Promise<void> => undefined, lost: (): void => undefined };

/** Everything that a source gives, polled `max` at a time. */
export async function readAll(source: Source, max = 100): Promise<RawMessage[]> {
  await source.open(NO_EVENTS);
  const all: RawMessage[] = [];
  const { signal } = new AbortController();
  for (let batch = await source.poll(max, signal); batch !== END; batch = await source.poll(max, signal)) {
    expect(batch.length).toBeLessThanOrEqual(max);
    all.push(...batch);
  }
  await source.close();
  return all;
}

/** The value of a message as text. */
export function textOf(message: RawMessage | undefined): string | undefined {
  return message?.value?.toString();
}
