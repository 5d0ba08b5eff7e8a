import { type AvroSchema, PoisonError, toJson, type ToJsonOptions } from '@apf/core';
import { stringify } from 'csv-stringify/sync';
import type { AppendFile } from '../files/append-file.js';
import { bareValue, containerWriter, type SavedAlert } from './alert-bytes.js';
import type { AlertWriter, FileFormat } from './file-format.js';
import { flatColumns } from './flat-columns.js';
import { flatRow } from './flat-row.js';

/** JSON lines. */
export function jsonFormat(nonFinite: ToJsonOptions['nonFinite']): FileFormat {
  return {
    extension: 'jsonl',
    needsSchema: false,
    begin: async (file, schema) =>
      appending(file, (alerts) =>
        Buffer.from(alerts.map(({ value }) => `${toJson(value.value, { schema, nonFinite })}\n`).join('')),
      ),
  };
}

/** Avro containers, a block for each batch. */
export const avroFormat: FileFormat = {
  extension: 'avro',
  needsSchema: true,
  begin: async (file, schema) => {
    const writer = containerWriter(schema!);
    await file.append(writer.writeEncoded([]));
    return appending(file, (alerts) => writer.block(alerts.map((alert) => bareValue(alert, schema!))));
  },
};

/** CSV (RFC 4180) after a row with the columns' names; see {@link flatRow}. */
export const csvFormat: FileFormat = {
  extension: 'csv',
  needsSchema: false,
  begin: async (file, schema) => {
    let columns = schema && flatColumns(schema);
    const known = new Set(columns);
    if (columns) await file.append(Buffer.from(csvLine(columns)));
    return appending(file, (alerts) => {
      let text = '';
      for (const { value } of alerts) {
        const row = flatRow(value.value, schema && known);
        if (!columns) {
          columns = [...row.keys()];
          text += csvLine(columns);
        }
        text += csvRow(row, columns, schema);
      }
      return Buffer.from(text);
    });
  },
};

function csvRow(
  row: ReadonlyMap<string, string | null>,
  columns: readonly string[],
  schema: AvroSchema | undefined,
): string {
  // A record that is null is one entry where its fields have columns.
  const strange = [...row].filter(([name, value]) => value !== null && !columns.includes(name));
  if (strange.length > 0 && !schema) {
    throw new PoisonError(
      `the alert has '${strange[0]![0]}', which the first one of the file had not: save it as json`,
      { code: 'APF_ENCODE' },
    );
  }
  return csvLine(columns.map((name) => row.get(name) ?? null));
}

/** One line of CSV: an empty text is `""`, null an empty cell. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  stringify([cells.length === 1 ? [cells[0] ?? ''] : cells], { quoted_match: [/[\r\n\ufeff]/, /^$/] });

function appending(file: AppendFile, bytesOf: (alerts: readonly SavedAlert[]) => Buffer): AlertWriter {
  return {
    add: (alerts) => file.append(bytesOf(alerts)),
    finish: async () => undefined,
  };
}
