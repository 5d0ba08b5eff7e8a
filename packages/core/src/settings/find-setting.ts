import { UsageError } from '../errors.js';
import { unknownKey } from './check-keys.js';
import { DAILY_PARAMS, type Definition, type Params, SETTINGS } from './definition.js';
import { presentKey, refuseFormerKey } from './former-keys.js';
import { LIBRDKAFKA_PROPERTIES } from './librdkafka-properties.js';
import { type Data, isData } from './plain-data.js';

/** Our own variables: `APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD`. */
export const PREFIX = 'APF__';

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/** The setting that a variable names, and its text as the value that the setting wants. */
export interface Found {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** `SASL_PASSWORD` as librdkafka writes it. */
export const dotted = (segment: string): string => segment.toLowerCase().replaceAll('_', '.');
/** A key as it stands in a variable's name. */
export const asVariable = (key: string): string => key.toUpperCase().replaceAll(/[.-]/g, '_');

/** Finds the setting that a variable names, level by level. */
export function findSetting(data: Data, variable: string, text: string): Found {
  const path: string[] = [];
  const wanted = variable.slice(PREFIX.length).split('__');
  let definition: Definition = SETTINGS;
  let present: unknown = data;
  while (!('kind' in definition)) {
    const segment = wanted.shift();
    if (segment === undefined || segment === '') {
      return refuse(`${variable} names a group of settings; go on with '__' and one of its keys`);
    }
    const inside = isData(present) ? present : {};
    if ('params' in definition) {
      const rest = [segment, ...wanted].join('__');
      return {
        path: [...path, paramName(definition.params, rest, inside)],
        value: paramValue(definition.params, rest, text),
      };
    }
    const known: string[] = 'keys' in definition ? Object.keys(definition.keys) : Object.keys(inside);
    let key: string | undefined = known.find((candidate) => asVariable(candidate) === segment.toUpperCase());
    if ('keys' in definition) {
      if (key === undefined) {
        refuseFormerKey(segment, variable);
        key = presentKey(segment);
        if (!known.includes(key)) return refuse(unknownKey(variable, segment, known.map(asVariable)));
      }
      definition = definition.keys[key]!;
    } else {
      key ??= segment.toLowerCase();
      definition = definition.each;
    }
    path.push(key);
    present = inside[key];
  }
  if (wanted.length > 0) return refuse(`${variable}: ${path.join('.')} has no settings of its own`);
  return { path, value: definition.kind.fromText(text) };
}

/** Follows a path of our own table. */
export function follow(data: Data, path: readonly string[], text: string): Found {
  let definition: Definition | undefined = SETTINGS;
  for (const key of path) {
    if (definition && 'keys' in definition) definition = definition.keys[key];
    else if (definition && 'params' in definition) {
      return { path, value: paramValue(definition.params, asVariable(key), text) };
    }
  }
  return { path, value: definition && 'kind' in definition ? definition.kind.fromText(text) : text };
}

function paramName(of: Params['params'], segment: string, present: Data): string {
  const known = of === 'client' ? LIBRDKAFKA_PROPERTIES : Object.keys(DAILY_PARAMS);
  const same = [...Object.keys(present), ...known].find((key) => asVariable(key) === segment.toUpperCase());
  return same ?? (of === 'client' ? dotted(segment) : segment.toLowerCase());
}

function paramValue(of: Params['params'], segment: string, text: string): unknown {
  if (of === 'strategy') {
    const name = Object.keys(DAILY_PARAMS).find((key) => asVariable(key) === segment.toUpperCase());
    return name === undefined ? text : DAILY_PARAMS[name]?.kind.fromText(text);
  }
  return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
}
