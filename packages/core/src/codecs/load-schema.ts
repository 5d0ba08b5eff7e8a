import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { PoisonError, UsageError } from '../errors.js';
import { fileReason } from '../file-reason.js';
import { printable } from '../printable.js';
import { readContainerHeader } from './container.js';
import { detectFraming } from './framing.js';
import { definedName, isObject, namespaceOf } from './parse-schema.js';
import { parseSchema, type AvroSchema } from './schema.js';

const EXTENSIONS = new Set(['.avsc', '.json']);
const COMPLEX = new Set(['record', 'error', 'enum', 'fixed']);

/**
 * Loads a schema from a file, or from a folder of files that define one type each (as ZTF, LSST and ELAsTICC publish
 * theirs), or takes it from the header of an Avro container. Types that the file names without defining them come from the files beside it, found by their full names.
 * Of a folder the root is the type that no other names; of several such the one called `alert`.
 * @throws UsageError (APF_FILE, APF_SCHEMA) that names the file
 */
export function loadSchema(path: string): AvroSchema {
  if (!isFolder(path)) return parseFile(path, definitionsIn(dirname(resolve(path)), resolve(path)));
  const files = schemaFiles(path);
  if (files.length === 0) throw new UsageError(`the folder ${path} has no .avsc file`, { code: 'APF_FILE' });
  return parseFile(files.length === 1 ? files[0]! : rootOf(path, files), definitionsIn(path));
}

function parseFile(path: string, names: Definitions): AvroSchema {
  const bytes = readFile(path);
  try {
    if (detectFraming(bytes) === 'container') return readContainerHeader(bytes).schema;
    return parseSchema(bytes.toString('utf8'), { names: names.types });
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    // What is missing may well be in a file that could not be read.
    const broken =
      names.broken.length === 0 ? '' : `; these files beside it are not JSON: ${names.broken.join(', ')}`;
    throw new UsageError(`${path}: ${error.message}${broken}`, { code: 'APF_SCHEMA', cause: error });
  }
}

interface Definitions {
  readonly types: ReadonlyMap<string, object>;
  readonly broken: readonly string[];
}

/** The named types that a folder's files define, each file at its root. */
function definitionsIn(folder: string, except?: string): Definitions {
  const types = new Map<string, object>();
  const broken: string[] = [];
  for (const file of schemaFiles(folder)) {
    if (file === except) continue;
    try {
      const json: unknown = JSON.parse(readText(file));
      if (isObject(json) && COMPLEX.has(json.type as string)) {
        const name = definedName(json, '', file);
        // Of several files with the same name the first counts: which, must not depend on the file system.
        if (!types.has(name)) types.set(name, json);
      }
    } catch {
      broken.push(file);
    }
  }
  return { types, broken };
}

function rootOf(folder: string, files: readonly string[]): string {
  const parsed = files.map((file) => ({ file, ...describe(readText(file)) }));
  const roots = parsed.filter(
    ({ file, name }) => !parsed.some((other) => other.file !== file && name && other.references.has(name)),
  );
  const alerts = roots.filter(({ name }) => /(^|\.)alert$/.test(name ?? ''));
  const likely = alerts.length === 1 ? alerts : roots;
  if (likely.length === 1) return likely[0]!.file;
  const found = (likely.length > 1 ? likely : parsed).map(({ file }) => file).join(', ');
  throw new UsageError(`the folder ${folder} has more than one schema; name one of its files: ${found}`, {
    code: 'APF_SCHEMA',
  });
}

interface Described {
  readonly name: string | undefined;
  readonly references: ReadonlySet<string>;
}

/** The name that a file defines, and those that it refers to; nothing for a file that is not JSON. */
function describe(text: string): Described {
  const references = new Set<string>();
  try {
    const json: unknown = JSON.parse(text);
    collectReferences(json, '', references);
    const isNamed = isObject(json) && COMPLEX.has(json.type as string);
    return { name: isNamed ? definedName(json, '', '') : undefined, references };
  } catch {
    return { name: undefined, references };
  }
}

/** Full names of types, found where types stand; their own definitions need not be told apart. */
function collectReferences(type: unknown, namespace: string, references: Set<string>): void {
  if (typeof type === 'string') {
    references.add(type).add(`${namespace}.${type}`);
  } else if (Array.isArray(type)) {
    for (const branch of type) collectReferences(branch, namespace, references);
  } else if (isObject(type)) {
    const isNamed = typeof type.name === 'string' && COMPLEX.has(type.type as string);
    const inner = isNamed ? namespaceOf(definedName(type, namespace, '')) : namespace;
    for (const part of [type.type, type.items, type.values]) collectReferences(part, inner, references);
    for (const field of Array.isArray(type.fields) ? (type.fields as unknown[]) : []) {
      collectReferences(field, inner, references);
    }
  }
}

export function schemaFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name)))
    .map((entry) => join(folder, entry.name))
    .sort();
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw notRead(path, error);
  }
}

const readText = (path: string): string => readFile(path).toString('utf8');

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw notRead(path, error);
  }
}

const notRead = (path: string, cause: unknown): UsageError =>
  new UsageError(`the schema '${printable(path)}' cannot be read: ${fileReason(cause)}; check the path`, {
    code: 'APF_FILE',
    cause,
  });
