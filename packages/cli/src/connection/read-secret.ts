import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { fileReason, UsageError } from '@apf/core';

/**
 * The first line of a file: editors and `echo` end it with a newline that is no part of the secret.
 * @param what the file has, for who must be told what is wrong with it
 */
export async function secretFromFile(path: string, what = 'password'): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`the ${what} file '${path}' cannot be read: ${fileReason(error)}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  const secret = text.split(/\r?\n/, 1)[0] ?? '';
  if (secret === '')
    throw new UsageError(`the ${what} file '${path}' has an empty first line`, { code: 'APF_FILE' });
  return secret;
}

/**
 * Asks on the terminal; what is typed is not shown. Undefined where nobody can be asked.
 * @param question without its colon.
 */
export async function askSecret(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(`${question}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('SIGINT', () => reject(new UsageError('no password was given')));
      lines.once('close', () => reject(new UsageError('no password was given')));
      lines.question('', resolve);
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
