import { ApfError, UsageError } from '@apf/core';

/** An error as the one line that a command prints; `help` is what to type for help about a mistyped command line. */
export function errorLine(error: Error, program: string, help: string): string {
  const text = error.message.replace(/\s*\n\s*/g, ' ').trim();
  if (error instanceof UsageError && error.code === 'APF_USAGE') return `${program}: ${text} (see ${help})`;
  if (error instanceof ApfError) return `${program}: ${text}`;
  return `${program}: ${error.name}: ${text} (unexpected; --debug shows where)`;
}

/** 2 for a mistake in the command line or the settings, 1 for whatever else failed. */
export function exitCodeOf(error: Error): 1 | 2 {
  return error instanceof UsageError ? 2 : 1;
}
