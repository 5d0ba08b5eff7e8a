import { loadSchema, lsstVersionOf, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { fetchSchemas, REPOSITORIES } from '../schemas/fetch-schemas.js';
import { type KnownSchema, SchemaCache } from '../schemas/schema-cache.js';

/** `apf schemas fetch|list|show`: schemas that were published, kept for use without a network. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('action', { choices: ['fetch', 'list', 'show'] as const, demandOption: true })
      .positional('what', {
        type: 'string',
        describe: `fetch: ${Object.keys(REPOSITORIES).join(', ')}, or a URL (a registry, a GitHub repository, a .tar.gz); show: an id, a version or a name`,
      })
      .option('ref', {
        type: 'string',
        default: 'HEAD',
        describe: 'fetch: the branch or tag of a repository',
      })
      .option('registry', { type: 'string', describe: 'show: the registry whose id it is' })
      .example('apf schemas fetch lsst', 'all versions that Rubin has published')
      .example('apf schemas show 704', "LSST's schema 7.4"),
  async ({ action, what, ref, registry }) => {
    const cache = new SchemaCache();
    if (action === 'list') {
      for (const { source, name } of cache.all()) console.log(`${source}\t${name}`);
      return;
    }
    if (what === undefined) throw new UsageError(`say what to ${action}: apf schemas ${action} …`);
    if (action === 'fetch') {
      const count = await fetchSchemas(what, ref, cache);
      console.log(`${count} schema files are kept in ${cache.folder}`);
      return;
    }
    console.log(JSON.stringify(JSON.parse(find(cache, what, registry)), null, 2));
  },
);

/** The text of a schema in one piece: by an id (an LSST id of any age), by a version `7.4`, by its name. */
function find(cache: SchemaCache, what: string, registry: string | undefined): string {
  const version = /^(\d+)\.(\d+)$/.exec(what);
  const id = version
    ? Number(version[1]) * 100 + Number(version[2])
    : /^\d+$/.test(what)
      ? Number(what)
      : undefined;
  if (id !== undefined) {
    const schema = cache.byId(id, registry);
    if (schema) return schema.json;
    const known = lsstVersionOf(id);
    throw unknown(cache, `id ${what}${known === undefined ? '' : ` (LSST's version ${known})`}`);
  }
  const named = cache.all().filter(({ name }) => name === what || name.split('/').at(-1) === what);
  const [only] = named;
  if (only && named.length === 1) return loadSchema(only.path).json;
  if (named.length > 1)
    throw new UsageError(`several schemas are called '${what}': ${named.map(listed).join(', ')}`);
  throw unknown(cache, `name '${what}'`);
}

function unknown(cache: SchemaCache, what: string): UsageError {
  const some = cache.all().slice(0, 5).map(listed).join(', ');
  return new UsageError(
    `no schema of ${what} is kept; ${some === '' ? 'none was fetched: apf schemas fetch lsst' : `there are: ${some} … (apf schemas list)`}`,
    { code: 'APF_SCHEMA_UNKNOWN' },
  );
}

const listed = ({ source, name }: KnownSchema): string => `${source}/${name}`;
