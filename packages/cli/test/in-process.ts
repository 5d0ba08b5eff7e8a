import { jest } from '@jest/globals';
import { runDocumented } from '../src/documented-main.js';
import { main } from '../src/main.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As {@link apf} in apf.ts, without a process of its own: many commands in a row take seconds less each. Nobody can be asked. */
export const apfHere = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  here(() => main(args), env);

/** A command of the documents, in this process. */
export const documentedHere = (
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> => here(() => runDocumented(name, args), env);

async function here(run: () => Promise<number>, env: NodeJS.ProcessEnv): Promise<Ran> {
  const before = { env: process.env, exitCode: process.exitCode, isTTY: process.stdin.isTTY };
  let [stdout, stderr] = ['', ''];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text) => void (stdout += `${String(text)}\n`)),
    jest.spyOn(console, 'error').mockImplementation((text) => void (stderr += `${String(text)}\n`)),
  ];
  process.env = { ...before.env, ...env };
  process.exitCode = undefined;
  process.stdin.isTTY = false;
  try {
    const code = await run();
    return { code: code || Number(process.exitCode ?? 0), stdout, stderr };
  } finally {
    process.env = before.env;
    process.exitCode = before.exitCode;
    process.stdin.isTTY = before.isTTY;
    for (const spy of spies) spy.mockRestore();
  }
}
