import { HIDDEN } from '@apf/core';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { loggable } from './loggable.js';

/** A secret shorter than this is no secret, and its letters may stand in any word. */
const SHORTEST = 4;

/** Takes secrets out of any text that is about to be shown. */
export function hider(secrets: readonly string[]): (text: string) => string {
  const all = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (text) => all.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}

export interface LogOptions {
  /** Which of several workers writes it. */
  readonly worker?: number | undefined;
  /** Standard output by default. */
  readonly destination?: DestinationStream;
}

/**
 * The log of a step: JSON lines, or readable lines on a terminal. Whatever is logged, no secret is shown.
 */
export function createLogger(
  level: string,
  step: string,
  secrets: readonly string[],
  { worker, destination }: LogOptions = {},
): Logger {
  const hide = hider(secrets);
  const stream =
    destination ??
    (process.stdout.isTTY
      ? pretty({ ignore: 'step', translateTime: 'SYS:HH:MM:ss', sync: true })
      : undefined);
  const options = {
    level,
    base: { step, ...(worker === undefined ? {} : { worker }) },
    formatters: { log: loggable },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: hide },
  };
  return stream ? pino(options, stream) : pino(options);
}
