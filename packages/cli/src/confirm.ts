import { createInterface } from 'node:readline/promises';
import { UsageError } from '@apf/core';

/**
 * Asks before something is done that cannot be undone. `yes` answers for the user.
 * @param what is about to happen, without a question mark: `delete topic sn and its 1200 messages`
 * @returns false where the user does not want it. @throws UsageError where nobody can be asked.
 */
export async function confirmed(what: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    throw new UsageError(`this would ${what}: add --yes, since nobody can be asked`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and the end of the input are answers too.
  const left = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${what}? [y/N] `), left]);
    if (/^y(es)?$/i.test(answer.trim())) return true;
    console.error('apf: nothing was done');
    return false;
  } finally {
    terminal.close();
  }
}
