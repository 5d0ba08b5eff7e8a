import { rmSync, writeFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';

/** How often the file is touched, in ms; a health check may call a step dead after several of these. */
const EVERY = 5_000;

/**
 * Writes a file every few seconds for as long as the process can run anything at all: a process that hangs stops, and
 * the file grows old.
 * @returns ends it and removes the file.
 * @throws UsageError where the file cannot be written.
 */
export function startHeartbeat(path: string): () => void {
  const beat = (): void => writeFileSync(path, `${new Date().toISOString()}\n`);
  try {
    beat();
  } catch (error) {
    throw new UsageError(`APF_HEARTBEAT: ${path} cannot be written (${toError(error).message})`, {
      cause: error,
    });
  }
  const timer = setInterval(() => {
    try {
      beat();
    } catch {
      // A full disk makes the file old, which is what the health check is to see.
    }
  }, EVERY).unref();
  return () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
}
