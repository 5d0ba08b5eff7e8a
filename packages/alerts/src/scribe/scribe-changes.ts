import { printable } from '@apf/core';
import { healpixOf } from '../sky/healpix.js';
import { bandOfZtf } from '../surveys/ztf-codes.js';
import { type Fields, invalid, isFields, type ScribeCommand } from './scribe-command.js';

/** What is to be done with rows of one table: the methods of `context.db`. */
export interface ScribeChange {
  readonly kind: 'insert' | 'update' | 'upsert';
  readonly table: string;
  readonly rows: readonly Fields[];
}

/** The collections of APF's commands, by the tables of the light-curve model; others go to the table of their name. */
const TABLES: Readonly<Record<string, string>> = {
  objects: 'object',
  detections: 'detection',
  non_detections: 'non_detection',
  forced_photometries: 'forced_photometry',
  features: 'feature',
  probabilities: 'probability',
};
/** What MongoDB's `_id` is in a table. */
const IDS: Readonly<Record<string, string>> = { object: 'oid', detection: 'candid' };
/** Tables in which APF's `fid` is the column `band`. */
const WITH_BAND = new Set(['detection', 'non_detection', 'forced_photometry', 'feature']);
/** APF's number of a feature of g and r together. */
const G_AND_R = 12;

/**
 * What a command does to the tables of the light-curve model, in order.
 * @throws PoisonError for data that makes no rows
 */
export function scribeChanges(command: ScribeCommand): ScribeChange[] {
  const { type, collection, criteria, data, options } = command;
  const table = TABLES[collection] ?? collection;
  if (type === 'update_probabilities' || type === 'update_features') {
    const oid = columnsOf('object', criteria).oid;
    if (table !== 'object' || oid === undefined)
      throw invalid(`'${type}' is for an object, by its _id or oid`);
    const rows = type === 'update_features' ? features(oid, data) : probabilities(oid, data);
    const object = options.upsert ? [{ kind: 'insert', table: 'object', rows: [{ oid }] } as const] : [];
    return [
      ...object,
      {
        kind: options.setOnInsert ? 'insert' : 'upsert',
        table: type === 'update_features' ? 'feature' : 'probability',
        rows,
      },
    ];
  }
  const rows = [columnsOf(table, { ...data, ...criteria })];
  if (type === 'insert') return [{ kind: 'insert', table, rows }];
  const makes = type === 'upsert' || options.upsert;
  // A row that is there stays as it is, and without `upsert` none is made.
  if (options.setOnInsert) return makes ? [{ kind: 'insert', table, rows }] : [];
  return [{ kind: makes ? 'upsert' : 'update', table, rows }];
}

/** Fields as columns: `_id`, `fid`, and the HEALPix pixel of an object's position. */
export function columnsOf(table: string, fields: Fields): Fields {
  const { _id, fid, ...rest } = fields;
  const columns: Record<string, unknown> = rest;
  const id = IDS[table];
  if (_id !== undefined && id !== undefined) columns[id] ??= _id;
  if (fid !== undefined)
    columns[WITH_BAND.has(table) ? 'band' : 'fid'] = WITH_BAND.has(table) ? bandOf(fid) : fid;
  const { meanra, meandec } = columns;
  if (table === 'object' && typeof meanra === 'number' && typeof meandec === 'number') {
    if (!(Math.abs(meandec) <= 90) || !Number.isFinite(meanra)) throw invalid('its position is none');
    columns.healpix ??= healpixOf({ ra: meanra, dec: meandec });
  }
  return columns;
}

/** A filter by ZTF's number or by its name; '' for none. @throws PoisonError for a number that is no filter's */
export function bandOf(fid: unknown): string {
  if (typeof fid === 'string') return fid;
  const band = fid === G_AND_R ? 'gr' : fid === 0 || fid === null ? '' : bandOfZtf(fid);
  if (band === null) throw invalid(`the filter ${printable(String(fid))} is not known`);
  return band;
}

/** All but the classifier's name and version are classes. */
function probabilities(oid: unknown, data: Fields): Fields[] {
  const { classifier_name, classifier_version, ...classes } = data;
  if (typeof classifier_name !== 'string' || typeof classifier_version !== 'string') {
    throw invalid('its data has no classifier_name and classifier_version');
  }
  const sorted = Object.entries(classes).map(([class_name, probability]) => {
    if (typeof probability !== 'number')
      throw invalid(`the probability of '${printable(class_name)}' is no number`);
    return { class_name, probability };
  });
  if (sorted.length === 0) throw invalid('its data has no classes');
  sorted.sort((a, b) => b.probability - a.probability);
  return sorted.map((row, i) => ({ oid, classifier_name, classifier_version, ...row, ranking: i + 1 }));
}

function features(oid: unknown, data: Fields): Fields[] {
  const { features_version: version, features: list } = data;
  if (typeof version !== 'string') throw invalid('its data has no features_version');
  if (!Array.isArray(list) || list.length === 0) throw invalid('its data has no features');
  return list.map((feature: unknown) => {
    if (!isFields(feature) || typeof feature.name !== 'string')
      throw invalid('one of its features has no name');
    const { name, value = null, fid = null } = feature;
    if (value !== null && typeof value !== 'number' && typeof value !== 'boolean') {
      throw invalid(`the value of '${printable(name)}' is no number`);
    }
    return { oid, name, band: bandOf(fid), version, value: value === null ? null : Number(value) };
  });
}
