import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cannotWrite, isAlertEntry, isArchive, plainBytes, tarEntries } from '@apf/connectors';
import { DatumReader, FatalError } from '@apf/core';
import type { BadFiles } from '../simulate/bad-files.js';

/** What was found. */
export interface Gathered {
  alerts: number;
  files: number;
  /** Of the files: those that lay in the target already, with the same bytes. */
  already: number;
  /** Of the files: those that got another name, because one with other bytes has theirs. */
  renamed: number;
}

/** Puts files of alerts, unpacked from archives, into one folder. Each is looked through first. */
export class Gatherer {
  readonly gathered: Gathered = { alerts: 0, files: 0, already: 0, renamed: 0 };
  private readonly reader = new DatumReader({ fields: [] });

  /** @param target a folder; undefined to write nothing */
  constructor(
    private readonly target: string | undefined,
    private readonly bad: BadFiles,
  ) {}

  /** Adds a file, or all files of an archive; of a damaged archive none. */
  async add(file: string): Promise<void> {
    const stage = await this.stage();
    try {
      const found = isArchive(file) ? await this.unpacked(file, stage) : [await this.copied(file, stage)];
      for (const each of found) await this.put(each);
    } catch (error) {
      if (error instanceof FatalError) throw error;
      await this.bad.add(file, file, error);
    } finally {
      if (stage !== undefined) await rm(stage, { recursive: true, force: true });
    }
  }

  private async copied(file: string, stage: string | undefined): Promise<Found> {
    const name = basename(file);
    const bytes = await readFile(file);
    const alerts = await this.count(name, bytes);
    return { name, alerts, place: await this.write(stage, name, (place) => copyFile(file, place)) };
  }

  private async unpacked(archive: string, stage: string | undefined): Promise<Found[]> {
    const found: Found[] = [];
    for await (const { header, bytes } of tarEntries(archive, isAlertEntry)) {
      if (bytes === null) continue;
      const name = basename(header.name);
      let alerts: number;
      try {
        alerts = await this.count(name, bytes);
      } catch (error) {
        await this.bad.add(`${archive}#${header.name}`, undefined, error);
        continue;
      }
      // Entries of different folders may have the same name.
      const place = await this.write(stage, String(found.length), (path) => writeFile(path, bytes));
      found.push({ name, alerts, place });
    }
    return found;
  }

  private async count(name: string, bytes: Buffer): Promise<number> {
    let alerts = 0;
    const plain = await plainBytes(name, bytes);
    for await (const { data } of this.reader.read([plain])) alerts += data.length;
    return alerts;
  }

  private async stage(): Promise<string | undefined> {
    const { target } = this;
    if (target === undefined) return undefined;
    return this.writing(() => mkdtemp(join(target, '.gathering-')));
  }

  private async write(
    stage: string | undefined,
    name: string,
    work: (place: string) => Promise<void>,
  ): Promise<string | undefined> {
    if (stage === undefined) return undefined;
    const place = join(stage, name);
    await this.writing(() => work(place));
    return place;
  }

  private async put({ name, alerts, place }: Found): Promise<void> {
    const { gathered } = this;
    gathered.alerts += alerts;
    gathered.files++;
    if (place === undefined) return;
    const bytes = await readFile(place);
    for (let n = 1; ; n++) {
      const wanted = join(this.target!, n === 1 ? name : name.replace(/(?=\.avro)/i, `~${n}`));
      const there = await readFile(wanted).catch(() => undefined);
      if (there === undefined) {
        if (n > 1) gathered.renamed++;
        await this.writing(() => rename(place, wanted));
        return;
      }
      if (there.equals(bytes)) {
        gathered.already++;
        return;
      }
    }
  }

  private async writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw cannotWrite('a file of alerts', this.target!, 'APF_FILE', error);
    }
  }
}

/** A file that is whole. */
interface Found {
  readonly name: string;
  readonly alerts: number;
  /** Where it waits; undefined where nothing is written. */
  readonly place: string | undefined;
}
