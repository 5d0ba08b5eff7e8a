import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { PoisonError, UsageError } from '../errors.js';
import { fileReason } from '../file-reason.js';
import { loadSchema } from './load-schema.js';
import type { AvroSchema } from './schema.js';

/** Where the schemas of Confluent-framed messages come from. */
export interface SchemaSource {
  /**
   * The schema of an id. Throws (or rejects with) a PoisonError of APF_SCHEMA_UNKNOWN if there is none, and a
   * RetryableError if it could not be asked.
   */
  byId(id: number): AvroSchema | Promise<AvroSchema>;
}

/** Deep enough for a survey's collection of versions, shallow enough for a folder named by mistake. */
const DEPTH = 4;

/**
 * Ids that LSST's prototype (alert_stream, 2019-02 to 2020-06) made of a schema's CRC-32, by 100 × major + minor of the
 * version that they stand for; before and after the schemas' nested names were resolved another way (DM-23606).
 */
const HISTORIC_IDS: ReadonlyMap<number, number> = new Map([
  [2641075771, 100],
  [3956357356, 100],
  [877390670, 200],
  [2751137016, 200],
  [2461947331, 201],
]);

/** The version that an id of LSST stands for, as `7.4`; undefined for an id that can be none. */
export function lsstVersionOf(id: number): string | undefined {
  const number = HISTORIC_IDS.get(id) ?? id;
  return number >= 100 && number < 10_000 ? `${Math.floor(number / 100)}.${number % 100}` : undefined;
}

/**
 * Schemas from a folder, read when they are first needed. The schema of id 704 is the file `704.avsc`, or an alert
 * schema of version 7.4 laid out as Rubin publishes it (`v7_4/lsst.v7_4.alert.avsc`, in this folder or below it):
 * Rubin's ids are 100 × major + minor; the ids of its prototype are known too.
 * @throws UsageError (APF_FILE) if the folder cannot be read
 */
export function folderSchemaSource(folder: string): { byId(id: number): AvroSchema } {
  const files = new Map<number, string[]>();
  for (const file of filesBelow(folder, DEPTH)) {
    const id = idOf(file, folder);
    if (id !== undefined) files.set(id, [...(files.get(id) ?? []), file]);
  }
  const loaded = new Map<number, AvroSchema>();
  return {
    byId(id) {
      const known = loaded.get(id);
      if (known) return known;
      const schema = loadSchema(
        only(id, files.get(id) ?? files.get(HISTORIC_IDS.get(id) ?? id) ?? [], folder),
      );
      loaded.set(id, schema);
      return schema;
    },
  };
}

function only(id: number, found: readonly string[], folder: string): string {
  const named = found.filter((file) => basename(file) === `${id}.avsc`);
  const candidates = named.length > 0 ? named : found;
  if (candidates.length === 1) return candidates[0]!;
  const what =
    found.length === 0
      ? `has no schema for id ${id}`
      : `has several schemas for id ${id}: ${found.join(', ')}`;
  const remedy = found.length === 0 ? `; add it as ${id}.avsc` : '; name a folder with one of them';
  throw new PoisonError(`the folder ${folder} ${what}${remedy}`, { code: 'APF_SCHEMA_UNKNOWN' });
}

function idOf(file: string, folder: string): number | undefined {
  const exact = /^(\d{1,10})\.avsc$/.exec(basename(file));
  if (exact && dirname(relative(folder, file)) === '.') return Number(exact[1]);
  const version = /[./\\]v(\d+)_(\d+)\.alert\.avsc$/.exec(file);
  return version ? Number(version[1]) * 100 + Number(version[2]) : undefined;
}

function filesBelow(folder: string, depth: number): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return depth > 0 ? filesBelow(path, depth - 1) : [];
      return entry.isFile() ? [path] : [];
    });
  } catch (error) {
    throw new UsageError(
      `the folder of schemas '${folder}' cannot be read: ${fileReason(error)}; check the path`,
      {
        code: 'APF_FILE',
        cause: error,
      },
    );
  }
}
