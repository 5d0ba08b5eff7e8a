import type { Logger } from '@apf/core';

export interface CommandLoggerOptions {
  /** Where messages are kept that cannot be read; they are left out where absent. */
  readonly undecoded?: string | undefined;
}

/** The log of a command: warnings and errors, a line each on standard error, with the place in the stream in front. */
export function commandLogger({ undecoded }: CommandLoggerOptions = {}): Logger {
  const fate = undecoded === undefined ? 'left out' : `kept in ${undecoded}`;
  const say = (fields: object, message: string): void => {
    const { topic, partition, offset } = fields as { topic?: string; partition?: number; offset?: number };
    const place = topic !== undefined && offset !== undefined ? `${topic}[${partition}]@${offset}: ` : '';
    // A run says dead letter, whoever reads a stream has none.
    console.error(`apf: ${place}${message.replace(/^dead letter: /, `cannot be read, ${fate}: `)}`);
  };
  const nothing = (): void => undefined;
  return { debug: nothing, info: nothing, warn: say, error: say };
}
