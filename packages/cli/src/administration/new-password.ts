import { randomBytes } from 'node:crypto';
import { checkPassword } from '@apf/connectors';
import { UsageError } from '@apf/core';
import type { Argv } from 'yargs';
import { askSecret, secretFromFile } from '../connection/read-secret.js';

export interface NewPasswordOptions {
  readonly newPasswordFile?: string | undefined;
  readonly askPassword?: boolean | undefined;
}

/** Adds the options by which a command is told the password of a user that it makes. */
export function withNewPassword<T>(yargs: Argv<T>): Argv<T & NewPasswordOptions> {
  return yargs.options({
    'new-password-file': {
      type: 'string',
      describe: "A file with the user's password; else APF_NEW_PASSWORD, else one is made and shown once",
    },
    'ask-password': { type: 'boolean', default: false, describe: "Ask for the user's password" },
  }) as unknown as Argv<T & NewPasswordOptions>;
}

export interface NewPassword {
  readonly password: string;
  /** It was made here, so that the user must be told. */
  readonly made: boolean;
}

/** @throws UsageError for a password that cannot be read, or that clients would not send alike. */
export async function newPassword(
  user: string,
  { newPasswordFile, askPassword }: NewPasswordOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NewPassword> {
  const given = (password: string): NewPassword => ({ password: checkPassword(password), made: false });
  if (newPasswordFile !== undefined) return given(await secretFromFile(newPasswordFile));
  if (askPassword) {
    const [first, second] = [
      await askSecret(`New password of ${user}`),
      await askSecret(`The same password of ${user} again`),
    ];
    if (first === undefined)
      throw new UsageError('nobody can be asked for a password: use --new-password-file');
    if (first !== second) throw new UsageError('the two passwords differ: nothing was done');
    return given(first);
  }
  if (env.APF_NEW_PASSWORD) return given(env.APF_NEW_PASSWORD);
  if (env.APF_NEW_PASSWORD_FILE) return given(await secretFromFile(env.APF_NEW_PASSWORD_FILE));
  return { password: madePassword(), made: true };
}

/** 144 bits, of characters that need no quoting anywhere. */
export const madePassword = (): string => randomBytes(18).toString('base64url');
