import { once } from 'node:events';
import { supervise } from '@apf/connectors';
import { ApfError, toError, UsageError } from '@apf/core';
import { commandLogger } from './command-logger.js';
import type { Consumed } from './consumed.js';
import { optionMistake } from './option-mistake.js';
import type { WorkerReport } from './read-in-workers.js';
import { type ReadingJob, readStream, streamReader, undecodedFolder } from './read-stream.js';

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;
/** How often the parent is told what was done, in ms. */
const TELL_EVERY = 1_000;

/** Tells the parent, if it is still there; resolves when it has been told. */
const tell = (report: WorkerReport): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(report, undefined, undefined, () => resolve());
    else resolve();
  });

const told = once(process, 'message') as Promise<[ReadingJob]>;
// Without its parent it ends at once: what it would still save the next run may be reading already.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const [job] = await told;
let telling: NodeJS.Timeout | undefined;

process.exitCode = await supervise(
  async (signal) => {
    try {
      const consumed = await readStream(job, streamReader(job.options, job.plan, job.to), {
        logger: commandLogger({ undecoded: undecodedFolder(job.plan) }),
        signal,
        onDetected: (line) => void tell({ kind: 'said', line }),
        onIdle: () => void tell({ kind: 'idle' }),
        watched: (now: () => Consumed) => {
          telling = setInterval(
            () => void tell({ kind: 'progress', consumed: { ...now(), holdsMore: false } }),
            TELL_EVERY,
          );
        },
      });
      await tell({ kind: 'done', consumed });
      return 0;
    } catch (thrown) {
      const error = optionMistake(toError(thrown));
      await tell({
        kind: 'failed',
        message: error.message,
        code: error instanceof ApfError ? error.code : 'APF_FATAL',
        usage: error instanceof UsageError,
      });
      return 1;
    } finally {
      clearInterval(telling);
      process.removeAllListeners('disconnect');
      if (process.connected) process.disconnect();
    }
  },
  { patience: PATIENCE, say: (line) => console.error(`apf: ${line}`) },
);
