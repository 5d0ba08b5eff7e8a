import { OffsetLookup } from '@apf/connectors';
import { FatalError } from '@apf/core';
import { connection } from '../connection/connection.js';
import { commandLogger } from './command-logger.js';
import { type Consumed, consumedText } from './consumed.js';
import type { ConsumeOptions } from './consume-options.js';
import { consumePlan } from './consume-plan.js';
import { orInterrupted } from './or-interrupted.js';
import { openTimeout, readStream, streamReader, undecodedFolder } from './read-stream.js';
import { readInWorkers } from './read-in-workers.js';
import { chooseStream, describeChoice, type StreamChoice, trySilence } from './stream-choice.js';
import { lookupParams } from './stream-source.js';

/**
 * Reads a stream as the options say, until it ends, the signal is aborted or the run fails.
 * @returns one line that says what became of it
 */
export async function runConsume(options: ConsumeOptions, signal: AbortSignal): Promise<string> {
  const to = await connection(options);
  const plan = consumePlan(options, to, Date.now());
  const undecoded = undecodedFolder(plan);
  const logger = commandLogger({ undecoded });
  const say = (line: string): void => console.error(`apf: ${line}`);
  const reader = streamReader(options, plan, to);
  const patience = openTimeout(options);
  const interrupted = (): void => say('interrupted before the broker had answered: nothing was read');
  const lookup = await orInterrupted(
    () => OffsetLookup.open({ params: lookupParams(to, plan), openTimeout: patience }),
    interrupted,
  );
  try {
    const choice = await orInterrupted(() => chooseStream(lookup, plan, patience), interrupted);
    for (const line of describeChoice(plan, choice, to)) say(line);
    const job = { options, plan, to, reads: choice.ranges };
    const onIdle = (): void => void trySilence(lookup, plan, logger);
    const consumed =
      plan.workers > 1
        ? await readInWorkers(job, { signal, say, onIdle })
        : await readStream(job, reader, {
            logger,
            signal,
            onDetected: say,
            onIdle,
          });
    refuseAllUnreadable(consumed, choice, undecoded);
    return consumedText(consumed, plan.save?.folder, undecoded);
  } finally {
    await lookup.close();
  }
}

/**
 * Where nothing of a stream can be read, framing or schema are wrong. What was read of it before shows that they are
 * right, and that it is the new messages that are damaged.
 */
function refuseAllUnreadable(
  { decoded, unreadable, holdsMore }: Consumed & { readonly holdsMore: boolean },
  { bounds, committed }: StreamChoice,
  undecoded: string | undefined,
): void {
  const readBefore = holdsMore || bounds.some(({ low }, i) => (committed[i] ?? low) > low);
  if (decoded > 0 || unreadable === 0 || readBefore) return;
  const kept = undecoded === undefined ? '' : `; their bytes are kept in ${undecoded}`;
  const all = unreadable === 1 ? 'the only message' : `none of ${unreadable} messages`;
  throw new FatalError(
    `${all} could${unreadable === 1 ? ' not' : ''} be read, see above: check --framing and --schema${kept}`,
    { code: 'APF_DECODE' },
  );
}
