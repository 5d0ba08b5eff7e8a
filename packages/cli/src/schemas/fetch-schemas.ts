import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { registrySchemaSource, safeName, tarEntries } from '@apf/connectors';
import { FatalError, toError, UsageError } from '@apf/core';
import { type SchemaCache, sourceName } from './schema-cache.js';

/** Public repositories with schemas, by the name under which they are kept. */
export const REPOSITORIES: Readonly<Record<string, string>> = {
  lsst: 'https://github.com/lsst/alert_packet',
  ztf: 'https://github.com/ZwickyTransientFacility/ztf-avro-alert',
  elasticc: 'https://github.com/LSSTDESC/plasticc_alerts',
  fink: 'https://github.com/astrolabsoftware/fink-client',
};

/** How long a server may take for its whole answer, in ms. */
const TIMEOUT = 120_000;
const LARGEST_ARCHIVE = 1024 * 1024 * 1024;

/**
 * Fetches schemas into the cache: those of a repository (its archive, by name or URL) or of a registry (all subjects).
 * @returns how many
 * @throws FatalError where they cannot be fetched
 */
export async function fetchSchemas(from: string, ref: string, cache: SchemaCache): Promise<number> {
  const url = REPOSITORIES[from] ?? from;
  if (!/^https?:\/\//.test(url))
    throw new UsageError(
      `'${from}' is neither a URL nor one of ${Object.keys(REPOSITORIES).join(', ')}: a registry, a GitHub repository or a .tar.gz`,
    );
  const name = REPOSITORIES[from] === undefined ? sourceName(url) : from;
  if (/\.(tar\.gz|tgz)$/.test(new URL(url).pathname)) return fromArchive(url, name, cache);
  if (new URL(url).host === 'github.com') {
    const path = new URL(url).pathname.replace(/\.git$/, '').replace(/\/+$/, '');
    return fromArchive(`https://codeload.github.com${path}/tar.gz/${encodeURIComponent(ref)}`, name, cache);
  }
  return fromRegistry(url, cache);
}

async function fromArchive(url: string, name: string, cache: SchemaCache): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'apf-schemas-'));
  try {
    const archive = join(folder, 'archive.tar.gz');
    await writeFile(archive, await get(url));
    let count = 0;
    for await (const { header, bytes } of tarEntries(
      archive,
      (entry) => entry.name.endsWith('.avsc') && entry.size < 1e7,
    )) {
      if (!bytes) continue;
      // Flat, so that types which refer to each other stand side by side as their repositories have them, by version.
      const inner = folderOf(header.name);
      await writeFile(join(cache.sourceFolder(join(name, inner)), safeName(basename(header.name))), bytes);
      count++;
    }
    if (count === 0) throw new FatalError(`${url} holds no .avsc file`, { code: 'APF_SCHEMA' });
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The entry's folder below the archive's own, as one harmless name. */
function folderOf(path: string): string {
  const parts = path
    .split('/')
    .slice(1, -1)
    .filter((part) => part !== '');
  return parts.length === 0 ? '.' : safeName(parts.join('_'));
}

async function fromRegistry(url: string, cache: SchemaCache): Promise<number> {
  const base = url.replace(/\/+$/, '');
  const json = async (path: string): Promise<unknown> => {
    const text = (await get(base + path)).toString();
    try {
      return JSON.parse(text);
    } catch {
      throw new FatalError(
        `${base + path} answers with something that is not JSON: is it a schema registry?`,
        {
          code: 'APF_SCHEMA',
        },
      );
    }
  };
  const subjects = await json('/subjects');
  if (!Array.isArray(subjects)) throw new FatalError(`${base} is no schema registry`, { code: 'APF_SCHEMA' });
  const source = registrySchemaSource(url);
  const ids = new Set<number>();
  for (const subject of subjects) {
    const path = `/subjects/${encodeURIComponent(String(subject))}/versions`;
    const versions = await json(path);
    for (const version of Array.isArray(versions) ? versions : []) {
      const { id } = (await json(`${path}/${String(version)}`)) as { id?: number };
      if (typeof id === 'number') ids.add(id);
    }
  }
  for (const id of ids) cache.keep(url, id, await source.byId(id));
  return ids.size;
}

async function get(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length > LARGEST_ARCHIVE) throw new Error('the answer is larger than any schemas');
    return bytes;
  } catch (error) {
    const { message, cause } = toError(error);
    throw new FatalError(
      `${url} cannot be fetched (${cause === undefined ? message : toError(cause).message}): check the address and the network`,
      { code: 'APF_SCHEMA', cause: error },
    );
  }
}
