import { rmSync, writeFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';

/** How often the file is touched, in ms; a health check may call a step dead after several of these. */
const EVERY = 5_000;

/** Calls `beat` at once and every few seconds for as long as the process can run anything at all. */
export function startBeating(beat: () => void): () => void {
  beat();
  const timer = setInterval(beat, EVERY).unref();
  return () => clearInterval(timer);
}

/**
 * Writes a file every few seconds for as long as the process can run anything at all: a process that hangs stops, and
 * the file grows old.
 * @param alive false where the file is to grow old all the same.
 * @returns ends it and removes the file.
 * @throws UsageError where the file cannot be written.
 */
export function startHeartbeat(path: string, alive: () => boolean = () => true): () => void {
  const write = (): void => writeFileSync(path, `${new Date().toISOString()}\n`);
  try {
    write();
  } catch (error) {
    throw new UsageError(`APF_HEARTBEAT: ${path} cannot be written (${toError(error).message})`, {
      cause: error,
    });
  }
  const end = startBeating(() => {
    try {
      if (alive()) write();
    } catch {
      // A full disk makes the file old, which is what the health check is to see.
    }
  });
  return () => {
    end();
    rmSync(path, { force: true });
  };
}
