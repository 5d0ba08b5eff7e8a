import type { Logger } from '@apf/core';

/** The log of a command: warnings and errors, a line each on standard error, with the place in the stream in front. */
export function commandLogger(): Logger {
  const say = (fields: object, message: string): void => {
    const { topic, partition, offset } = fields as { topic?: string; partition?: number; offset?: number };
    const place = topic !== undefined && offset !== undefined ? `${topic}[${partition}]@${offset}: ` : '';
    console.error(`apf: ${place}${message}`);
  };
  const nothing = (): void => undefined;
  return { debug: nothing, info: nothing, warn: say, error: say };
}
