import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileReason, nearest, toError, UsageError } from '@apf/core';
import { checkProfile, type Profile } from './profile.js';

/** Profiles by name, as the file has them. */
type Stored = Readonly<Record<string, unknown>>;

/** Where profiles are kept: `apf/profiles.json` in XDG_CONFIG_HOME, which is ~/.config unless set. */
export function profilesFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'apf', 'profiles.json');
}

/** The profiles that `apf login` has kept. Every method throws a UsageError for a file that cannot be used. */
export class ProfileStore {
  constructor(readonly path: string = profilesFile()) {}

  async names(): Promise<string[]> {
    return Object.keys(await this.#read()).sort();
  }

  /** @throws UsageError for a name that is not there; it says which are. */
  async get(name: string): Promise<Profile> {
    const stored = await this.#read();
    if (!Object.hasOwn(stored, name)) {
      const names = Object.keys(stored);
      const near = nearest(name, names);
      const known = names.length === 0 ? 'none was kept' : `there are: ${names.sort().join(', ')}`;
      throw new UsageError(
        `there is no profile '${name}'; ${near ? `did you mean '${near}'?` : known} (apf login ${name} makes one)`,
      );
    }
    return checkProfile(stored[name], `${this.path}: profile '${name}'`);
  }

  async put(name: string, profile: Profile): Promise<void> {
    await this.#write({ ...(await this.#read()), [name]: profile });
  }

  /** False where there was none. */
  async remove(name: string): Promise<boolean> {
    const { [name]: gone, ...rest } = await this.#read();
    if (gone === undefined) return false;
    await this.#write(rest);
    return true;
  }

  async #read(): Promise<Stored> {
    let text: string;
    try {
      const { mode } = await stat(this.path);
      if ((mode & 0o077) !== 0) {
        throw new UsageError(
          `${this.path} keeps passwords, and others may read it: make it yours alone with chmod 600 '${this.path}'`,
          { code: 'APF_FILE' },
        );
      }
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${this.path} cannot be read: ${fileReason(error)}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
    try {
      const parsed = JSON.parse(text) as { profiles?: unknown } | null;
      if (typeof parsed?.profiles === 'object' && parsed.profiles !== null) return parsed.profiles as Stored;
    } catch {
      // Said below: the parser's own message would quote the file, and so its passwords.
    }
    throw new UsageError(
      `${this.path} is not JSON with 'profiles': repair it, or delete it and log in again`,
      {
        code: 'APF_FILE',
      },
    );
  }

  /** All or nothing, and never readable by others, not even while it is written. */
  async #write(profiles: Stored): Promise<void> {
    const draft = `${this.path}.${process.pid}.draft`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify({ profiles }, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await chmod(draft, 0o600);
      await rename(draft, this.path);
    } catch (error) {
      throw new UsageError(`${this.path} cannot be written: ${toError(error).message}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
  }
}
