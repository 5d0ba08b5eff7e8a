import { LSST_ALERT_SCHEMAS } from '@apf/alerts';
import { registrySchemaSource } from '@apf/connectors';
import {
  type AvroSchema,
  folderSchemaSource,
  loadSchema,
  lsstVersionOf,
  parseSchema,
  PoisonError,
  type SchemaSource,
  type StreamCodecOptions,
  UsageError,
} from '@apf/core';
import type { Profile } from '../connection/profile.js';
import { finkVersions } from '../schemas/fink-versions.js';
import { SchemaCache } from '../schemas/schema-cache.js';

export interface SchemaOptions {
  readonly schema?: string | undefined;
  readonly schemas?: string | undefined;
  readonly registry?: string | undefined;
}

/** Where a stream's schemas come from. */
export interface StreamSchemas {
  readonly schema: AvroSchema | undefined;
  readonly schemas: SchemaSource;
  readonly versions: NonNullable<StreamCodecOptions['versions']>;
}

export interface SchemaSurroundings {
  /** The broker's; alerts that `apf simulate` has sent there have schemas that no registry knows. */
  readonly servers?: string | undefined;
  readonly cache?: SchemaCache;
}

/**
 * By id: the folder that was named, then what was fetched before, then the registry that was named, whose answers are
 * kept; then what `apf simulate` has sent from here, then LSST's versions that come along, with which synthetic alerts
 * are sent. The network is used for that registry alone,
 * and for Fink's versions where a configuration of its client with an empty `schema` asks for it.
 */
export function schemaSources(
  options: SchemaOptions,
  profile: Partial<Profile> & { readonly fetchSchema?: boolean },
  { servers, cache = new SchemaCache() }: SchemaSurroundings = {},
): StreamSchemas {
  const path = options.schema ?? profile.schema;
  const folder = options.schemas ?? profile.schemas;
  const registry = options.registry ?? profile.registry;
  if (registry !== undefined && !/^https?:\/\//.test(registry))
    throw new UsageError(`--registry '${registry}' is no URL: it begins with https:// or http://`);
  const named = folder === undefined ? undefined : folderSchemaSource(folder);
  const asked = registry === undefined ? undefined : registrySchemaSource(registry);
  return {
    schema: path === undefined ? undefined : loadSchema(path),
    schemas: {
      byId(id) {
        const local = first(
          () => named?.byId(id),
          () => cache.byId(id, registry),
        );
        if (local) return local;
        if (asked) return Promise.resolve(asked.byId(id)).then((schema) => cache.keep(registry!, id, schema));
        const simulated = servers === undefined ? undefined : cache.simulated(servers, id);
        if (simulated) return simulated;
        const ours = (LSST_ALERT_SCHEMAS as Readonly<Record<string, object>>)[lsstVersionOf(id) ?? ''];
        if (ours) return parseSchema(ours);
        throw new PoisonError(
          `no schema is known for id ${id}: give the URL of its registry with --registry, a folder that has ${id}.avsc with --schemas, or the schema itself with --schema (any alert file has it); apf schemas fetch gets LSST's`,
          { code: 'APF_SCHEMA_UNKNOWN' },
        );
      },
    },
    versions: finkVersions(profile.fetchSchema ?? false, cache),
  };
}

/** The first of these that there is; a place that has none says so by an error. */
function first(...places: (() => AvroSchema | undefined)[]): AvroSchema | undefined {
  for (const place of places) {
    try {
      const found = place();
      if (found) return found;
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
    }
  }
  return undefined;
}
