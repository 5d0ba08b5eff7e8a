import { readFile } from 'node:fs/promises';
import {
  type AvroSchema,
  fileReason,
  loadSchema,
  printable,
  readContainerHeader,
  schemaToTypes,
  toError,
  UsageError,
} from '@apf/core';
import { defineCommand } from '../command.js';

/** `apf types SCHEMA`: TypeScript types of a schema's values, on standard output. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('schema', {
        type: 'string',
        describe: 'An .avsc file, a folder with a schema in several files, or an Avro file',
      })
      .option('from', {
        type: 'string',
        describe: 'Take the schema from the header of this Avro file instead',
      })
      .option('name', {
        type: 'string',
        describe: "The name of the alert's type; the schema's own where absent",
      })
      .example('apf types alert.avsc --name Alert > alert.ts', '')
      .example('apf types --from 123.avro > alert.ts', ''),
  async ({ schema: path, from, name }) => {
    const schema = await schemaFrom(path, from);
    const source = schema.name === undefined ? '' : ` of the schema ${schema.name}`;
    process.stdout.write(
      `// Made by \`apf types\`: the values${source}. 64-bit integers are bigint; bytes are views: copy to keep.\n\n` +
        schemaToTypes(schema, { rootName: name }),
    );
  },
);

async function schemaFrom(path: string | undefined, from: string | undefined): Promise<AvroSchema> {
  if ((path === undefined) === (from === undefined)) {
    throw new UsageError('name a schema, or an Avro file with --from; one of the two');
  }
  if (path !== undefined) return loadSchema(path);
  let bytes: Buffer;
  try {
    bytes = await readFile(from!);
  } catch (error) {
    throw new UsageError(
      `the file '${printable(from!)}' cannot be read: ${fileReason(error)}; check the path`,
      {
        code: 'APF_FILE',
        cause: error,
      },
    );
  }
  try {
    return readContainerHeader(bytes).schema;
  } catch (error) {
    throw new UsageError(`${from}: ${toError(error).message}`, { code: 'APF_SCHEMA', cause: error });
  }
}
