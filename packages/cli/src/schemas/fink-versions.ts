import type { AvroSchema, StreamCodecOptions } from '@apf/core';
import { fetchSchemas } from './fetch-schemas.js';
import { SchemaCache } from './schema-cache.js';

/**
 * Fink's schemas by the version in a message's key: those that were fetched, and where `fetched` those that are fetched
 * once, when the first is missing. Fink's own client asks for each message.
 * @param fetchFink fetches Fink's schemas into the cache
 */
export function finkVersions(
  fetched: boolean,
  cache = new SchemaCache(),
  fetchFink: () => Promise<unknown> = () => fetchSchemas('fink', 'HEAD', cache),
): NonNullable<StreamCodecOptions['versions']> {
  let fetching: Promise<unknown> | undefined;
  return {
    byVersion(version: string): AvroSchema | undefined | Promise<AvroSchema | undefined> {
      const known = cache.byVersion(version);
      if (known || !fetched) return known;
      if (fetching === undefined)
        console.error(`apf: fetching Fink's schemas, as the empty 'schema' of the configuration asks`);
      fetching ??= fetchFink();
      return fetching.then(() => cache.byVersion(version));
    },
  };
}
