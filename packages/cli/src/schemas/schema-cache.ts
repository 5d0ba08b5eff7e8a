import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { type AvroSchema, folderSchemaSource, loadSchema } from '@apf/core';

/** A schema that is kept. */
export interface KnownSchema {
  /** Where it came from: a registry's host, or the name under which a repository was fetched. */
  readonly source: string;
  /** Its id, or its path within the source. */
  readonly name: string;
  readonly path: string;
}

/** Schemas that were fetched, for use without a network: `apf/schemas` in XDG_CACHE_HOME, which is ~/.cache unless set. */
export class SchemaCache {
  readonly folder: string;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'apf', 'schemas');
  }

  /** The schema of an id: of that registry, or one of LSST's versions, whose ids are the same everywhere. */
  byId(id: number, registry?: string): AvroSchema | undefined {
    if (registry !== undefined) {
      const path = join(this.folder, sourceName(registry), `${id}.avsc`);
      if (existsSync(path)) return loadSchema(path);
    }
    const lsst = join(this.folder, 'lsst');
    return existsSync(lsst) ? folderSchemaSource(lsst).byId(id) : undefined;
  }

  /** Fink's schema of the version that stands in a message's key. */
  byVersion(version: string): AvroSchema | undefined {
    const file = `distribution_schema_fink_ztf_${version}.avsc`;
    const known = this.all().find(({ path }) => basename(path) === file);
    return known && loadSchema(known.path);
  }

  keep(registry: string, id: number, schema: AvroSchema): AvroSchema {
    const folder = this.sourceFolder(sourceName(registry));
    write(join(folder, `${id}.avsc`), schema.json);
    return schema;
  }

  /** The schema that alerts were sent with from here, to a broker that knows no registry. */
  simulated(servers: string, id: number): AvroSchema | undefined {
    const path = join(this.folder, simulatedName(servers), `${id}.avsc`);
    return existsSync(path) ? loadSchema(path) : undefined;
  }

  keepSimulated(servers: string, id: number, schema: AvroSchema): void {
    write(join(this.sourceFolder(simulatedName(servers)), `${id}.avsc`), schema.json);
  }

  sourceFolder(source: string): string {
    const folder = join(this.folder, source);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** All schemas, by source and name. */
  all(): KnownSchema[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name: source }) => {
        const folder = join(this.folder, source);
        return filesBelow(folder).map((path) => ({
          source,
          name: relative(folder, path).replace(/\.avsc$/, ''),
          path,
        }));
      })
      .sort((a, b) => (a.source + a.name < b.source + b.name ? -1 : 1));
  }
}

const simulatedName = (servers: string): string =>
  `simulated-${servers.replaceAll(/[^A-Za-z0-9._-]+/g, '_')}`;

/** A registry's host and path as a folder's name. */
export function sourceName(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`.replaceAll(/[^A-Za-z0-9._-]+/g, '_').replace(/_+$/, '');
}

function write(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.avsc') ? [path] : [];
  });
}
