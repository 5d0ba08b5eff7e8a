import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from '@apf/connectors';
import { type AvroSchema, loadSchema, schemaToTypes, UsageError } from '@apf/core';
import { alertFieldsOf, defaultAlertFields } from './alert-fields.js';
import { framework } from './framework.js';
import { origin, stepTemplates } from './origin.js';
import { render } from './render.js';
import { checkStepOptions, type StepOptions } from './step-options.js';
import { stepNames } from './step-names.js';
import { templateData, type TemplateData } from './template-data.js';

/**
 * Makes the project of a step and resolves to its folder. Throws `UsageError` for a name that will not do and for a
 * folder that holds anything already. What was written so far is removed again on any error.
 */
export async function generateStep(options: StepOptions): Promise<string> {
  checkStepOptions(options);
  const names = stepNames(options.name);
  const target = resolve(options.dir ?? names.folder);
  const schema = options.schema === undefined ? undefined : loadSchema(options.schema);
  const fields = schema === undefined ? defaultAlertFields() : alertFieldsOf(schema);
  if (fields.length === 0 && (options.producer !== 'none' || options.db !== undefined))
    throw new UsageError(
      `${options.schema} has no text or integer field to make a first result of: omit --producer and --db`,
    );

  await claim(target);
  try {
    const data = templateData(options, names, fields, await framework(origin(), options.db === 'sqlite'));
    await render(stepTemplates(), target, data, unwanted(data, options));
    // npm leaves a .gitignore out of a package, so the template has another name.
    await rename(join(target, 'gitignore'), join(target, '.gitignore'));
    if (data.outputSchema) await rename(join(target, 'schemas/result.avsc'), join(target, data.outputSchema));
    if (schema !== undefined) await writeFile(join(target, 'alert.ts'), alertTypes(schema, options.schema!));
    if (data.vendored) await mkdir(join(target, 'vendor'));
    for (const pack of data.framework.packs) await copyFile(pack, join(target, 'vendor', basename(pack)));
  } catch (error) {
    for (const entry of await readdir(target))
      await rm(join(target, entry), { recursive: true, force: true });
    throw error;
  }
  return target;
}

function alertTypes(schema: AvroSchema, path: string): string {
  const head = `// Made from ${basename(path)}. 64-bit integers are bigint, never rounded; bytes are views: copy to keep them.`;
  return `${head}\n\n${schemaToTypes(schema, { rootName: 'Alert' })}`;
}

/** Makes the folder, or takes one that is empty. */
async function claim(target: string): Promise<void> {
  try {
    await makeFolder(target);
    if ((await readdir(target)).length > 0)
      throw new UsageError(
        `${target} exists and is not empty; nothing was written. Choose another name or --dir`,
      );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new UsageError(`${target} is not a folder; choose another --dir`);
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${target} cannot be made: ${message}`, { code: 'APF_FILE', cause: error });
  }
}

/** Templates that a project with these options does without. */
function unwanted(data: TemplateData, options: StepOptions): string[] {
  const sample = { avro: 'avro', json: 'jsonl', csv: 'csv', kafka: '' }[options.source];
  return [
    ...(data.outputSchema ? [] : ['schemas/**']),
    ...(data.schema ? ['alert.ts.hbs'] : []),
    ...(data.samples ? ['avro', 'jsonl', 'csv'].filter((kind) => kind !== sample) : ['*']).map(
      (kind) => `samples/alerts.${kind}`,
    ),
  ];
}
