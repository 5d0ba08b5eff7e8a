import { rename, stat, cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cannotWrite, makeFolder } from '@apf/connectors';
import { ApfError, codeOf, fileReason, printable } from '@apf/core';
import type { Display } from '../demo/display.js';

/** Lines on the terminal about bad files; more are only counted. */
const SAID = 20;

/** What could not be read: said and counted, and moved to a folder only where one was named. */
export class BadFiles {
  count = 0;
  /** Why the first of them is bad. */
  first: string | undefined;

  constructor(
    private readonly display: Display,
    private readonly folder: string | undefined,
    private readonly json: boolean,
  ) {}

  /**
   * @param name the file, or `archive#entry`
   * @param file the file on the disk to be moved; undefined where other parts of it are good
   */
  async add(name: string, file: string | undefined, thrown: unknown): Promise<void> {
    this.count++;
    const moved = file === undefined || this.folder === undefined ? undefined : await this.move(file);
    const reason = printable(thrown instanceof ApfError ? thrown.message : fileReason(thrown), 300);
    const what = reason.startsWith(`'`) ? reason : `'${printable(name, 300)}': ${reason}`;
    this.first ??= what;
    if (this.json) {
      this.display.result('', { event: 'bad', file: name, code: codeOf(thrown, 'APF_FILE'), reason, moved });
    } else if (this.count <= SAID) {
      this.display.note(`apf: bad: ${what}${moved === undefined ? '' : `; moved to ${moved}`}`);
    } else if (this.count === SAID + 1) {
      this.display.note('apf: bad: there are more, which are only counted');
    }
  }

  private async move(file: string): Promise<string> {
    const folder = this.folder!;
    try {
      await makeFolder(folder);
      const place = await freeName(join(folder, basename(file)));
      await rename(file, place).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        await cp(file, place, { errorOnExist: true, force: false });
        await rm(file);
      });
      return place;
    } catch (error) {
      throw cannotWrite('a bad file', folder, 'APF_FILE', error);
    }
  }
}

/** Another bad file of that name may lie there already. */
async function freeName(path: string): Promise<string> {
  for (let n = 0; ; n++) {
    const name = n === 0 ? path : `${path}.${n}`;
    if (!(await stat(name).catch(() => undefined))) return name;
  }
}
