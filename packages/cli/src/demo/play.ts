import type { Outgoing, Refused, RunStats, Sink } from '@apf/core';
import { systemClock } from '@apf/core';

/** The embedded broker forgets what goes beyond some 5 MB a partition: so much may be on its way, in bytes. */
const IN_FLIGHT = 4_000_000;
/** Handed over at once, in bytes. */
const PORTION = 500_000;
/** How often it is looked whether there is room again, in ms. */
const PATIENCE = 10;

/** What was played so far. */
export interface Played {
  messages: number;
  bytes: number;
  /** What the broker would not take. */
  readonly refused: Refused[];
}

/**
 * Writes messages, which are bytes already, no faster than `stats` says that they are read: nothing is lost on a
 * broker that keeps only the last few megabytes. Resolves when the broker has all of them, or the signal is aborted.
 */
export async function play(
  messages: AsyncIterable<Outgoing<Buffer>> | Iterable<Outgoing<Buffer>>,
  sink: Sink<Buffer>,
  stats: Pick<RunStats, 'bytes'>,
  played: Played,
  signal: AbortSignal,
): Promise<void> {
  let portion: Outgoing<Buffer>[] = [];
  let size = 0;
  const send = async (): Promise<void> => {
    // A message larger than that goes when all others have arrived.
    while (played.bytes > stats.bytes && played.bytes + size - stats.bytes > IN_FLIGHT && !signal.aborted) {
      await systemClock.sleep(PATIENCE, signal);
    }
    if (signal.aborted) return;
    await sink.write(portion);
    const refused = (await sink.flush(signal)) ?? [];
    played.refused.push(...refused);
    for (const { outgoing } of refused) size -= (outgoing.value as Buffer).length;
    played.messages += portion.length - refused.length;
    played.bytes += size;
    portion = [];
    size = 0;
  };
  for await (const message of messages) {
    if (signal.aborted) return;
    if (size > 0 && size + message.value.length > PORTION) await send();
    portion.push(message);
    size += message.value.length;
  }
  if (portion.length > 0) await send();
}
