import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ApfError, toError, UsageError } from '@apf/core';
import type { Catalogue } from './catalogue.js';
import { catalogueOf, type CatalogueOptions, chooseColumns } from './catalogue-columns.js';

/** The longest row of a CSV file. */
const ROW = 1024 * 1024;

/**
 * Reads a catalogue into memory: CSV (`.csv`, `.tsv`, also `.gz`; the first row names the columns, lines with `#` in front
 * are comments) or Parquet (`.parquet`).
 * @throws UsageError that names the file, and the row where it is one
 */
export async function loadCatalogue(path: string, options: CatalogueOptions = {}): Promise<Catalogue> {
  try {
    if (/\.parquet$/i.test(path)) return await fromParquet(path, options);
    if (/\.(csv|tsv)(\.gz)?$/i.test(path)) return await fromCsv(path, options);
  } catch (error) {
    if (error instanceof ApfError) throw error;
    throw new UsageError(`the catalogue ${path} cannot be read: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  throw new UsageError(`'${path}' is no catalogue: .csv, .tsv (also .gz) and .parquet are read`);
}

async function fromCsv(path: string, options: CatalogueOptions): Promise<Catalogue> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    bom: true,
    comment: '#',
    comment_no_infix: true,
    delimiter: /\.tsv(\.gz)?$/i.test(path) ? '\t' : ',',
    max_record_size: ROW,
    skip_empty_lines: true,
    trim: true,
  });
  const unzip = /\.gz$/i.test(path) ? [createGunzip()] : [];
  const reading = pipeline([createReadStream(path), ...unzip, parser]);
  // What breaks is told where rows are taken.
  reading.catch(() => undefined);
  let chosen: ReturnType<typeof chooseColumns> | undefined;
  let takers: { readonly index: number; readonly values: string[] }[] = [];
  const raw = new Map<string, string[]>();
  for await (const row of parser as AsyncIterable<string[]>) {
    if (!chosen) {
      chosen = chooseColumns(row, options, path);
      takers = [...new Set([chosen.ra, chosen.dec, ...chosen.kept])].map((name) => {
        const values: string[] = [];
        raw.set(name, values);
        return { index: row.indexOf(name), values };
      });
    } else for (const { index, values } of takers) values.push(row[index]!);
  }
  await reading;
  if (!chosen) throw new UsageError(`the catalogue ${path} is empty: its first row names the columns`);
  return catalogueOf(raw, chosen, path);
}

async function fromParquet(path: string, options: CatalogueOptions): Promise<Catalogue> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import('hyparquet');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = metadata.schema.slice(1).flatMap(({ name, num_children: inside }) => (inside ? [] : [name]));
  const chosen = chooseColumns(names, options, path);
  const raw = new Map<string, unknown[]>();
  await parquetRead({
    file,
    metadata,
    columns: [...new Set([chosen.ra, chosen.dec, ...chosen.kept])],
    onChunk: ({ columnName, columnData, rowStart }) => {
      let values = raw.get(columnName);
      if (!values) raw.set(columnName, (values = []));
      for (let i = 0; i < columnData.length; i++) values[rowStart + i] = columnData[i];
    },
  });
  return catalogueOf(raw, chosen, path);
}
