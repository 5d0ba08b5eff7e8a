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
  UsageError,
} from '@apf/core';
import type { Profile } from '../connection/profile.js';
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
  readonly versions: { byVersion(version: string): AvroSchema | undefined };
}

/**
 * By id: the folder that was named, then what was fetched before, then the registry that was named, whose answers are
 * kept; where none was, LSST's versions that come along, with which synthetic alerts are sent. The network is used for
 * that registry alone.
 */
export function schemaSources(
  options: SchemaOptions,
  profile: Partial<Profile>,
  cache = new SchemaCache(),
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
        const ours = (LSST_ALERT_SCHEMAS as Readonly<Record<string, object>>)[lsstVersionOf(id) ?? ''];
        if (ours) return parseSchema(ours);
        throw new PoisonError(
          `no schema is known for id ${id}: name one with --registry, --schemas or --schema, or fetch it with apf schemas fetch`,
          { code: 'APF_SCHEMA_UNKNOWN' },
        );
      },
    },
    versions: { byVersion: (version) => cache.byVersion(version) },
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
