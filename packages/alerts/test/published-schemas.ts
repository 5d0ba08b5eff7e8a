import { parseSchema } from '@apf/core';

const folder = process.env.APF_SCHEMAS;

/** Tests on the schemas that surveys published, which are not part of the repository; skipped with a word without them. */
export function describePublished(name: string, tests: (schemas: string) => void): void {
  if (folder) return describe(name, () => tests(folder));
  console.warn('APF_SCHEMAS is not set: our schemas are not compared with the published ones');
  describe.skip(name, () => tests(''));
}

/** What decides the bytes: names and types, neither documentation nor defaults. */
export function structure(schema: string | object, names?: Map<string, object>): unknown {
  const parsed = parseSchema(schema, { names });
  return JSON.parse(
    JSON.stringify(parsed.root, (key, value: unknown) =>
      ['doc', 'default'].includes(key) ? undefined : value,
    ),
  );
}
