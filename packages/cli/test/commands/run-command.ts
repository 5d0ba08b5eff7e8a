import { jest } from '@jest/globals';
import { toError } from '@apf/core';
import yargs from 'yargs';
import type { Command } from '../../src/command.js';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly error: Error | undefined;
}

/** Runs one command's module in this process, as the command line would. */
export async function runCommand(usage: string, command: Command, ...args: string[]): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const say = jest.spyOn(console, 'log').mockImplementation((text) => {
    stdout += `${String(text)}\n`;
  });
  const log = jest.spyOn(console, 'error').mockImplementation((text) => {
    stderr += `${String(text)}\n`;
  });
  const before = process.exitCode;
  process.exitCode = undefined;
  let error: Error | undefined;
  try {
    await yargs([usage.split(' ')[0]!, ...args])
      .command(
        usage,
        false,
        (inner) => command.builder(inner),
        async (options) => command.handler(options),
      )
      .strict()
      .fail((message, failure) => {
        throw failure ?? new Error(message);
      })
      .parseAsync();
  } catch (thrown) {
    error = toError(thrown);
  } finally {
    write.mockRestore();
    say.mockRestore();
    log.mockRestore();
  }
  const exitCode = Number(process.exitCode ?? 0);
  process.exitCode = before;
  return { stdout, stderr, exitCode, error };
}
