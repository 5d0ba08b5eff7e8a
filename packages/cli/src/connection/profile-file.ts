import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { toError, UsageError } from '@apf/core';
import { parse as parseYaml } from 'yaml';
import { checkProfile, cleanServers, type Profile } from './profile.js';
import { NOT_LITERAL, pythonAssignments } from './python-assignments.js';

/** Whether `--profile` names a file of Fink's client, and not a profile of ours. */
export const isProfileFile = (name: string): boolean => /[/\\]|\.(py|ya?ml)$/i.test(name);

/** A profile, and what Fink's file says besides. */
export interface FinkProfile extends Profile {
  /** `schema` was empty, which to Fink's client means: fetch the schema. */
  readonly fetchSchema?: boolean;
  /** `testmode`: whether a file may be overwritten. */
  readonly overwrite?: boolean;
}

/** The names of Fink's settings, in all versions of its client, that must be literals for us to know them. */
const NAMES = [
  'username',
  'password',
  'group_id',
  'groupid',
  'mytopics',
  'servers',
  'maxtimeout',
  'schema',
  'survey',
  'testmode',
] as const;
type Name = (typeof NAMES)[number];

/**
 * Reads Fink's `fink_client_conf.py` (which is never executed) or its credentials in YAML, as they are.
 * @throws UsageError that names the file and what is wrong with it.
 */
export async function readProfileFile(path: string): Promise<FinkProfile> {
  const wrong = (what: string, cause?: unknown): never => {
    throw new UsageError(`${path}: ${what}`, { code: 'APF_FILE', cause });
  };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return wrong(`the configuration cannot be read: ${toError(error).message}`, error);
  }
  const isPython = extname(path).toLowerCase() === '.py';
  const values: ReadonlyMap<string, unknown> = isPython ? pythonAssignments(text) : yamlValues(text, wrong);
  for (const name of NAMES) {
    if (values.get(name) === NOT_LITERAL)
      wrong(`'${name}' is not a plain value; the file is read, never executed: write the value itself`);
  }
  const text_ = (name: Name): string | undefined => {
    const value = values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    return typeof value === 'string' ? value : wrong(`'${name}' must be text`);
  };
  if (!values.has('servers')) wrong("'servers' is missing: the broker as host:port");
  const timeout = values.get('maxtimeout') ?? undefined;
  const survey = text_('survey');
  const schema = text_('schema');
  const group = text_('group_id') ?? text_('groupid');
  const username = text_('username');
  const password = text_('password');
  const topics = topicsOf(values, wrong);
  const testmode = values.get('testmode');
  const profile = {
    servers: cleanServers(text_('servers') ?? ''),
    ...(username === undefined ? {} : { username }),
    // Written out by `fink_client_register` where there is none.
    ...(password === undefined || password === 'None'
      ? {}
      : { password, mechanism: 'SCRAM-SHA-512', tls: false }),
    ...(group === undefined ? {} : { group }),
    ...(topics === undefined ? {} : { topics }),
    ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
    ...(survey === undefined ? {} : { survey }),
    ...(schema ? { schema } : {}),
  };
  return {
    ...checkProfile(profile, path),
    ...(schema === '' ? { fetchSchema: true } : {}),
    ...(typeof testmode === 'boolean' ? { overwrite: testmode } : {}),
  };
}

function yamlValues(
  text: string,
  wrong: (what: string, cause?: unknown) => never,
): ReadonlyMap<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parseYaml(text);
  } catch (error) {
    // Only where: the parser's own message quotes the line, which may hold the password.
    const line = (error as { linePos?: readonly { line: number }[] }).linePos?.[0]?.line;
    return wrong(`not YAML${line === undefined ? '' : ` (line ${line})`}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return wrong('not YAML with settings');
  return new Map(Object.entries(parsed));
}

/** A list; from version 12 on, topics by their names. */
function topicsOf(
  values: ReadonlyMap<string, unknown>,
  wrong: (what: string) => never,
): readonly string[] | undefined {
  const value = values.get('mytopics') ?? values.get('topics');
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  const names: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'object'
      ? Object.keys(value)
      : [value];
  return names.every((name) => typeof name === 'string')
    ? names
    : wrong("'mytopics' must be a list of names");
}
