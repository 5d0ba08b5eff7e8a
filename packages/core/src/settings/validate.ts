import convict from 'convict';
import { UsageError } from '../errors.js';
import { unknownKey } from './check-keys.js';
import { DAILY_PARAMS, type Definition, type Leaf, type Section } from './definition.js';
import { isDaily } from './class-names.js';
import type { Kind } from './kinds.js';
import { type Data, isData } from './plain-data.js';
import { show } from './secrets.js';

/** convict takes dots for levels, so that keys such as `consume.messages` go through it with this in their place. */
const DOT = '·';

type Schema = convict.Schema<Data>;

/** Says what a value must be, and what it is. convict would add the value once more, unless it is false or 0. */
class WrongValue extends Error {
  get value(): undefined {
    return undefined;
  }
  set value(_: unknown) {
    // convict's own way of telling it.
  }
}

// A format by name: of one that is a function convict would read text as the default's type, and take 'no' for true.
convict.addFormat({
  name: 'apf',
  validate: (value: unknown, { kind }: { kind: Kind } & convict.SchemaObj) => {
    if (!kind.test(value)) throw new WrongValue(`must ${kind.must}, not ${show(value)}`);
  },
});

/**
 * Fills in the defaults and checks every value with convict.
 * @param origin the variable of the environment that a path's value came from, if any.
 * @throws UsageError naming the first wrong key, what it must be and what it is.
 */
export function validate(data: Data, section: Section, origin: ReadonlyMap<string, string>): Data {
  const config = convict<Data>(schemaOf(data, section), { env: {}, args: [] });
  config.load(rename(data, '.', DOT));
  try {
    config.validate({ allowed: 'strict' });
  } catch (error) {
    throw new UsageError(`settings: ${explain((error as Error).message, origin)}`, { code: 'APF_SETTINGS' });
  }
  return rename(config.getProperties(), DOT, '.') as Data;
}

/** The first of convict's lines, in our words. */
function explain(message: string, origin: ReadonlyMap<string, string>): string {
  const lines = message.replaceAll(DOT, '.').split('\n');
  const others = lines.length > 1 ? ` (and ${lines.length - 1} more wrong)` : '';
  const [first = ''] = lines;
  // All keys but those of a daily strategy have been checked before: its parameters depend on its class.
  const undeclared = /^configuration param '(.*)' not declared/.exec(first)?.[1];
  if (undeclared !== undefined) {
    return unknownKey(undeclared, undeclared.split('.').at(-1) ?? '', Object.keys(DAILY_PARAMS)) + others;
  }
  const [, key = '', problem = first] = /^(\S+): (.*)$/.exec(first) ?? [];
  const variable = origin.get(key);
  return `${key} ${variable === undefined ? '' : `(from ${variable}) `}${problem}${others}`;
}

/** convict's schema for the sections that these settings have: one that is left out is off. */
function schemaOf(data: Data, section: Section): Schema {
  const schema: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(section.keys)) {
    if ('kind' in definition || Object.hasOwn(data, key)) {
      schema[key.replaceAll('.', DOT)] = nodeOf(data[key], definition, data);
    }
  }
  return schema as Schema;
}

function nodeOf(value: unknown, definition: Definition, parent: Data): unknown {
  if ('kind' in definition) return leafOf(definition);
  const data = isData(value) ? value : {};
  if ('keys' in definition) return schemaOf(data, definition);
  if ('each' in definition) {
    const names = Object.entries(data).map(([name, inner]) => [
      name,
      schemaOf(isData(inner) ? inner : {}, definition.each),
    ]);
    return names.length > 0 ? Object.fromEntries(names) : { default: {}, format: Object };
  }
  if (definition.params === 'strategy' && isDaily(parent.CLASS))
    return schemaOf(data, { keys: DAILY_PARAMS });
  return { default: {}, format: Object };
}

const leafOf = ({ kind, default: standard }: Leaf): unknown => ({ default: standard, format: 'apf', kind });

/** The same with `to` in place of `from` in every key, and without keys that are undefined. */
function rename(value: unknown, from: string, to: string): unknown {
  if (!isData(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key.replaceAll(from, to), rename(inner, from, to)]),
  );
}
