import { constants } from 'node:os';

/**
 * What `opening` resolves to. A signal that comes before ends the process at once: librdkafka waits for a silent broker
 * as long as it was told to, even within `process.exit`, and nothing was read yet that could be lost.
 * @param interrupted says that it was
 */
export async function orInterrupted<T>(opening: () => Promise<T>, interrupted: () => void): Promise<T> {
  const end = (signal: NodeJS.Signals): void => {
    interrupted();
    // By the signal itself, so that a shell sees 130 or 143 and ends its script too.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // The first process of a container outlives its own signal.
    process.exit(128 + constants.signals[signal]);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    return await opening();
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}
