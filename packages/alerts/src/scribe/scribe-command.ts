import { parseJson, PoisonError, printable, toError } from '@apf/core';

/** What APF's scribe can be told to do. */
export const COMMAND_TYPES = [
  'insert',
  'update',
  'upsert',
  'update_probabilities',
  'update_features',
] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

export type Fields = Readonly<Record<string, unknown>>;

/** A command for the scribe, as APF's steps send it. */
export interface ScribeCommand {
  readonly collection: string;
  readonly type: CommandType;
  /** Which row is meant; empty only for `insert`. */
  readonly criteria: Fields;
  readonly data: Fields;
  readonly options: {
    /** Make the row where there is none. */
    readonly upsert: boolean;
    /** Leave a row alone that is there. */
    readonly setOnInsert: boolean;
  };
}

const KEYS = ['collection', 'type', 'criteria', 'data', 'options'];

/** Reads a command from the fields that {@link fieldsIn} gives. @throws PoisonError that says what is wrong with it */
export function readCommand(fields: Fields): ScribeCommand {
  const { collection, type, criteria, data, options, ...rest } = fields;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) throw invalid(`it has '${printable(extra)}'; it may have ${KEYS.join(', ')}`);
  if (typeof collection !== 'string' || collection === '') throw invalid('it names no collection');
  if (!COMMAND_TYPES.includes(type as CommandType)) {
    const named = typeof type === 'string' ? `its type '${printable(type)}' is not known` : 'it has no type';
    throw invalid(`${named}; it may be ${COMMAND_TYPES.join(', ')}`);
  }
  if (!isFields(data) || Object.keys(data).length === 0) throw invalid('it has no data');
  const which = criteria ?? {};
  if (!isFields(which)) throw invalid('its criteria are no object');
  if (type !== 'insert' && Object.keys(which).length === 0) {
    throw invalid(`it has no criteria; '${type as string}' must say which row is meant`);
  }
  return { collection, type: type as CommandType, criteria: which, data, options: optionsIn(options) };
}

/**
 * The fields of a command: those of the object itself, or as APF publishes it of the record `{payload}`, with its JSON text or
 * as an object.
 * @throws PoisonError for what is no object
 */
export function fieldsIn(message: unknown): Fields {
  if (!isFields(message)) throw invalid('it is no object');
  if (!('payload' in message) || 'collection' in message || 'step' in message) return message;
  const { payload } = message;
  if (isFields(payload) && 'step' in payload) return payload;
  if (typeof payload !== 'string') throw invalid('its payload is no text');
  let parsed: unknown;
  try {
    parsed = parseJson(payload);
  } catch (error) {
    throw invalid(`its payload is no JSON: ${toError(error).message}`);
  }
  if (!isFields(parsed)) throw invalid('its payload is no object');
  return parsed;
}

function optionsIn(options: unknown): ScribeCommand['options'] {
  const given = options ?? {};
  if (!isFields(given)) throw invalid('its options are no object');
  const { upsert = false, set_on_insert: setOnInsert = false, ...rest } = given;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined)
    throw invalid(`it has the option '${printable(extra)}'; there are upsert and set_on_insert`);
  if (typeof upsert !== 'boolean' || typeof setOnInsert !== 'boolean') {
    throw invalid('its options upsert and set_on_insert are true or false');
  }
  return { upsert, setOnInsert };
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A command that can never be carried out. */
export const invalid = (why: string): PoisonError =>
  new PoisonError(`this is no command for the scribe: ${why}`);
