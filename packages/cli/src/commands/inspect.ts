import { once } from 'node:events';
import { AvroFileSource } from '@apf/connectors';
import {
  END,
  type FileFraming,
  folderSchemaSource,
  inspectFile,
  type InspectedFile,
  type InspectOptions,
  loadSchema,
  type RawMessage,
  silent,
  toJson,
} from '@apf/core';
import { defineCommand } from '../command.js';

/** `container` is how settings.ts and other commands call what the descriptions call `ocf`, Avro's object container file. */
const FRAMINGS = ['container', 'ocf', 'confluent', 'schemaless', 'json'] as const;

/** `apf inspect FILE…`: what alert files hold, as JSON lines; exit code 1 if any of them has an error. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'Files, folders (all levels), globs; .avro, .avro.gz, .tar, .tar.gz, and any file that is named',
      })
      .option('records', {
        type: 'boolean',
        default: false,
        describe: 'Print every alert instead, one a line',
      })
      .option('framing', {
        choices: FRAMINGS,
        describe: 'How alerts stand in the files; detected where absent. ocf is another name of container',
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
    for await (const message of messagesOf(files)) {
      const file = message.topic;
      const inspected = await inspect(message, options);
      const { description, values } = inspected;
      detected.set(description.framing, (detected.get(description.framing) ?? 0) + 1);
      if (description.error !== undefined) process.exitCode = 1;
      if (!records) await print(toJson({ file, ...description }));
      else if (description.error !== undefined) console.error(`apf: ${file}: ${description.error}`);
      for (const value of records ? values : [])
        await print(toJson(value, { schema: inspected.schema, nonFinite }));
    }
    if (framing === undefined) {
      const found = [...detected].map(([framing, count]) => {
        const name = framing === 'ocf' ? 'container (ocf)' : framing;
        return detected.size > 1 ? `${name} (${count})` : name;
      });
      console.error(`apf: framing detected: ${found.join(', ')}`);
    }
  },
);

/** Each file, and each entry of an archive; a path that exists is taken literally, even if it could be a glob. */
async function* messagesOf(paths: readonly string[]): AsyncGenerator<RawMessage> {
  const source = new AvroFileSource({ paths, logger: silent });
  await source.open();
  const never = new AbortController().signal;
  try {
    for (let polled; (polled = await source.poll(1, never)) !== END;) yield* polled;
  } finally {
    await source.close();
  }
}

async function inspect({ value, unreadable }: RawMessage, options: InspectOptions): Promise<InspectedFile> {
  if (!unreadable && value !== null) return inspectFile(value, options);
  const framing: FileFraming | 'none' = options.framing ?? 'none';
  return {
    description: { framing, error: `APF_FILE: ${unreadable?.message ?? 'there is nothing in it'}` },
    values: [],
    schema: undefined,
  };
}

/** A slow reader slows us down, instead of filling the memory. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
