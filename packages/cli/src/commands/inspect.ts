import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type FileFraming,
  folderSchemaSource,
  inspectFile,
  type InspectedFile,
  type InspectOptions,
  loadSchema,
  toError,
  toJson,
  UsageError,
} from '@apf/core';
import { glob, isDynamicPattern } from 'tinyglobby';
import { defineCommand } from '../command.js';

/** `container` is how settings.ts calls what the descriptions call `ocf`. */
const FRAMINGS = ['container', 'confluent', 'schemaless', 'json'] as const;

/** The first two bytes of gzip data (RFC 1952). */
const GZIP = 0x1f8b;
const MAX_UNPACKED = 512 * 1024 * 1024;

/** `apf inspect FILE…`: what alert files hold, as JSON lines; exit code 1 if any of them has an error. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Files, folders (their *.avro files, at all levels) or globs',
      })
      .option('records', {
        type: 'boolean',
        default: false,
        describe: 'Print every alert instead, one a line',
      })
      .option('framing', {
        choices: FRAMINGS,
        describe: 'How alerts stand in the files; detected where absent',
      })
      .option('schema', { type: 'string', describe: 'The schema of files without one: a file or a folder' })
      .option('schemas', {
        type: 'string',
        describe: 'The folder with the schemas of Confluent-framed files, by id or as Rubin lays them out',
      })
      .option('non-finite', {
        choices: ['null', 'literal', 'string'] as const,
        default: 'null' as const,
        describe: '--records: how NaN and infinities are written',
      })
      .example('apf inspect alerts/', 'one line a file: framing, codec, schema, number of alerts, error')
      .example('apf inspect --records 123.avro | jq .candid', 'the alerts themselves; integers are exact'),
  async ({ files, records, framing, schema, schemas, nonFinite }) => {
    const options: InspectOptions = {
      framing: framing === 'container' ? 'ocf' : framing,
      schema: schema === undefined ? undefined : loadSchema(schema),
      schemas: schemas === undefined ? undefined : folderSchemaSource(schemas),
    };
    const detected = new Map<string, number>();
    for (const file of await expand(files)) {
      const inspected = await inspect(file, options);
      const { description, values } = inspected;
      detected.set(description.framing, (detected.get(description.framing) ?? 0) + 1);
      if (description.error !== undefined) process.exitCode = 1;
      if (!records) await print(toJson({ file, ...description }));
      else if (description.error !== undefined) console.error(`apf: ${file}: ${description.error}`);
      for (const value of records ? values : [])
        await print(toJson(value, { schema: inspected.schema, nonFinite }));
    }
    if (framing === undefined) {
      const found = [...detected].map(([name, count]) => (detected.size > 1 ? `${name} (${count})` : name));
      console.error(`apf: framing detected: ${found.join(', ')}`);
    }
  },
);

async function inspect(file: string, options: InspectOptions): Promise<InspectedFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
    if (bytes.length > 2 && bytes.readUInt16BE(0) === GZIP)
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    const framing: FileFraming | 'none' = options.framing ?? 'none';
    return {
      description: { framing, error: `APF_FILE: cannot be read: ${toError(error).message}` },
      values: [],
      schema: undefined,
    };
  }
  return inspectFile(bytes, options);
}

/** A path that exists is taken literally, even if it could be a glob. */
async function expand(paths: readonly string[]): Promise<readonly string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    for (const file of await filesAt(path)) files.add(file);
  }
  return [...files];
}

async function filesAt(path: string): Promise<string[]> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    const found = isDynamicPattern(path)
      ? await glob(path, { absolute: isAbsolute(path), expandDirectories: false })
      : [];
    if (found.length === 0) {
      throw new UsageError(`cannot inspect '${path}': ${toError(error).message}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
    return found.sort();
  }
  if (!isFolder) return [path];
  const found = await glob('**/*.avro{,.gz}', { cwd: path });
  if (found.length === 0) {
    throw new UsageError(`the folder '${path}' has no *.avro file; name the files, or a glob`, {
      code: 'APF_FILE',
    });
  }
  return found.sort().map((file) => join(path, file));
}

/** A slow reader slows us down, instead of filling the memory. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
