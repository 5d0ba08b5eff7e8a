import { UsageError } from '../errors.js';
import { dotted, findSetting, follow, PREFIX } from './find-setting.js';
import { FORMER_SECURITY, FORMER_VARIABLES } from './former-variables.js';
import { LIBRDKAFKA_PROPERTIES } from './librdkafka-properties.js';
import { type Data, isData } from './plain-data.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What of the file gives way when the environment names a setting. */
const RIVALS: Readonly<Record<string, readonly string[]>> = {
  TOPICS: ['TOPIC_STRATEGY'],
  TOPIC: ['TOPIC_STRATEGY'],
  TOPIC_STRATEGY: ['TOPICS', 'TOPIC'],
};

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** What the environment has put over the settings. */
export interface Overlay {
  /** The variable that each path's value came from. */
  readonly origin: Map<string, string>;
  /** Every value of the environment, those read from files too. */
  readonly values: Set<string>;
}

/**
 * Puts the environment over settings, in place. `APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD`: `__` stands between
 * levels, `_` for the dots in PARAMS; APF's own variables (`CONSUMER_SERVER`, …) come before these. With `_FILE` at its
 * end a variable names the file that holds the value, without its last line break. An empty variable is none.
 * @throws UsageError for a variable that names no setting, or a file that cannot be read.
 */
export function applyEnvironment(
  data: Data,
  environment: Environment,
  readFile: (path: string) => string,
): Overlay {
  if (environment.CONFIG_FROM_YAML) {
    refuse(
      'CONFIG_FROM_YAML is not read; write settings.ts, or set single settings as APF__CONSUMER_CONFIG__…',
    );
  }
  const overlay: Overlay = { origin: new Map(), values: new Set() };
  for (const text of Object.values(environment)) if (text) overlay.values.add(text);
  const apply = (variable: string, text: string, path: readonly string[] | undefined): void => {
    const found = path ? follow(data, path, text) : findSetting(data, variable, text);
    dropRival(data, found.path, overlay.origin);
    put(data, found.path, found.value);
    overlay.origin.set(found.path.join('.'), variable);
  };
  for (const [name, path] of Object.entries(FORMER_VARIABLES)) {
    const text = variableOrFile(environment, name, readFile, overlay.values);
    if (text !== undefined) apply(name, text, path);
  }
  for (const name of ownVariables(environment)) {
    const text = variableOrFile(environment, name, readFile, overlay.values);
    if (text !== undefined) apply(name, text, undefined);
  }
  for (const side of ['CONSUMER', 'PRODUCER']) {
    if (overlay.origin.get(`${side}_CONFIG.PARAMS.sasl.username`) !== `${side}_KAFKA_USERNAME`) continue;
    const params = (data[`${side}_CONFIG`] as Data).PARAMS as Data;
    for (const [key, value] of Object.entries(FORMER_SECURITY)) {
      if (key === 'sasl.mechanism' && 'sasl.mechanisms' in params) continue;
      params[key] ??= value;
    }
  }
  return overlay;
}

/** The names of our own variables, each once, without `_FILE`; in the order of their levels. */
function ownVariables(environment: Environment): string[] {
  const names = Object.keys(environment).filter((name) => name.startsWith(PREFIX) && environment[name]);
  const settings = names.map((name) => (isFileVariable(name) ? name.slice(0, -'_FILE'.length) : name));
  return [...new Set(settings)].sort();
}

/** librdkafka has properties that end in `.file` themselves. */
function isFileVariable(name: string): boolean {
  if (!name.endsWith('_FILE')) return false;
  const property = dotted(name.split('__').at(-1) ?? '');
  return !(name.includes('__PARAMS__') && LIBRDKAFKA_PROPERTIES.includes(property));
}

function variableOrFile(
  environment: Environment,
  name: string,
  readFile: (path: string) => string,
  values: Set<string>,
): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file || !isFileVariable(`${name}_FILE`)) return environment[name] || undefined;
  if (environment[name]) refuse(`${name} and ${name}_FILE are both set; unset one of them`);
  let text: string;
  try {
    text = readFile(file).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return refuse(`${name}_FILE names ${file}, which cannot be read (${reason})`);
  }
  if (text === '') refuse(`${name}_FILE names ${file}, which is empty`);
  values.add(text);
  return text;
}

/** Topics of the environment replace a strategy of the file, and the other way round. */
function dropRival(data: Data, path: readonly string[], origin: ReadonlyMap<string, string>): void {
  const at = path.findIndex((key) => Object.hasOwn(RIVALS, key));
  const above = path.slice(0, at);
  for (const rival of at < 1 ? [] : RIVALS[path[at]!]!) {
    const prefix = [...above, rival].join('.');
    const fromEnvironment = [...origin.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`));
    if (!fromEnvironment) delete walk(data, above)?.[rival];
  }
}

function walk(data: Data, path: readonly string[]): Data | undefined {
  let here: unknown = data;
  for (const key of path) here = isData(here) ? here[key] : undefined;
  return here as Data | undefined;
}

function put(data: Data, path: readonly string[], value: unknown): void {
  let section = data;
  for (const key of path.slice(0, -1)) {
    const inner = section[key];
    section = isData(inner) ? inner : (section[key] = {});
  }
  section[path.at(-1)!] = value;
}
