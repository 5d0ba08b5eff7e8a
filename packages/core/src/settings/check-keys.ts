import { UsageError } from '../errors.js';
import type { Definition, Section } from './definition.js';
import { presentKey, refuseFormerKey } from './former-keys.js';
import { nearest } from './nearest.js';
import { type Data, isData } from './plain-data.js';
import { show } from './secrets.js';

const refuse = (line: string): never => {
  throw new UsageError(`settings: ${line}`, { code: 'APF_SETTINGS' });
};

/**
 * The same settings under their present keys.
 * @throws UsageError for a key that does not exist, with the nearest that does, and for a value that must be an object.
 */
export function checkKeys(data: Data, section: Section, path = ''): Data {
  const result: Data = {};
  for (const [written, value] of Object.entries(data)) {
    const key = presentKey(written);
    const here = path ? `${path}.${written}` : written;
    refuseFormerKey(written, here);
    if (!Object.hasOwn(section.keys, key)) refuse(unknownKey(here, written, Object.keys(section.keys)));
    if (Object.hasOwn(result, key)) {
      const older = Object.keys(data).find((other) => other !== key && presentKey(other) === key);
      refuse(`${path}.${key} is given twice, once by its older name ${older}; remove one of them`);
    }
    result[key] = checkValue(value, section.keys[key]!, path ? `${path}.${key}` : key);
  }
  return result;
}

function checkValue(value: unknown, definition: Definition, path: string): unknown {
  if ('kind' in definition) {
    if (isData(value)) refuse(`${path} must ${definition.kind.must}, not ${show(value)}`);
    return value;
  }
  if (!isData(value)) return refuse(`${path} must be an object, { … }`);
  if ('params' in definition) return value;
  if ('keys' in definition) return checkKeys(value, definition, path);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!/^[A-Za-z][\w-]*$/.test(name)) {
        refuse(`${path}.${name} is no name for an output; use letters, digits, underscore and dash`);
      }
      return [name, checkValue(inner, definition.each, `${path}.${name}`)];
    }),
  );
}

/** @param path where the unknown key stands, itself included. */
export function unknownKey(path: string, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const cure = near === undefined ? `the keys here are ${known.join(', ')}` : `did you mean '${near}'?`;
  return `${path} is not a setting; ${cure}`;
}
