import type { ColumnModel } from '@apf/core';
import { plainText } from '../plot/markup.js';
import type { LightCurve } from './light-curve.js';

/** A column of a light curve's table: `unit` as VOUnits writes it; '' for what has none. */
export interface MeasurementColumn extends ColumnModel {
  readonly unit: string;
  readonly doc: string;
  /** The scale of a time. */
  readonly timeScale?: 'utc' | 'tai';
}

export type MeasurementRow = Readonly<Record<string, string | number | boolean | null>>;

/** The columns of a light curve's table. The unit of fluxes is the light curve's own. */
export function measurementColumns({ unit }: LightCurve): MeasurementColumn[] {
  const flux = unit === 'nJy' ? 'nJy' : '';
  const inUnit = unit === 'nJy' ? '' : ' (zero point 27.5)';
  return [
    { name: 'oid', type: 'text', unit: '', doc: 'id of the object', nullable: true },
    { name: 'kind', type: 'text', unit: '', doc: 'detection, upper limit or forced', nullable: false },
    { name: 'id', type: 'text', unit: '', doc: 'id of the measurement', nullable: true },
    { name: 'is_alert', type: 'boolean', unit: '', doc: 'whether an alert was sent for it', nullable: false },
    {
      name: 'mjd',
      type: 'double',
      unit: 'd',
      doc: 'Modified Julian Date, UTC',
      timeScale: 'utc',
      nullable: false,
    },
    {
      name: 'mjd_tai',
      type: 'double',
      unit: 'd',
      doc: 'Modified Julian Date, TAI',
      timeScale: 'tai',
      nullable: false,
    },
    { name: 'band', type: 'text', unit: '', doc: 'filter', nullable: true },
    {
      name: 'flux',
      type: 'double',
      unit: flux,
      doc: `difference flux with its sign${inUnit}`,
      nullable: true,
    },
    { name: 'e_flux', type: 'double', unit: flux, doc: `standard error of flux${inUnit}`, nullable: true },
    {
      name: 'sign',
      type: 'int32',
      unit: '',
      doc: '1 brighter than the template, -1 fainter',
      nullable: true,
    },
    { name: 'mag', type: 'double', unit: 'mag', doc: 'AB magnitude of the difference flux', nullable: true },
    { name: 'e_mag', type: 'double', unit: 'mag', doc: 'standard error of mag', nullable: true },
    { name: 'limit_mag', type: 'double', unit: 'mag', doc: '5 sigma limit, AB', nullable: true },
    {
      name: 'mag_apparent',
      type: 'double',
      unit: 'mag',
      doc: 'AB magnitude of the object itself',
      nullable: true,
    },
    {
      name: 'e_mag_apparent',
      type: 'double',
      unit: 'mag',
      doc: 'standard error of mag_apparent',
      nullable: true,
    },
    { name: 'flags', type: 'text', unit: '', doc: 'quality flags that are raised', nullable: true },
  ];
}

/** One row a measurement, earliest first. Text of an alert is made one line, since a table of text has one line a row. */
export function measurementRows({ objectId, points }: LightCurve): MeasurementRow[] {
  return points.map((point) => ({
    oid: line(objectId),
    kind: point.kind,
    id: line(point.id),
    is_alert: point.isAlert,
    mjd: point.time.mjdUtc,
    mjd_tai: point.time.mjdTai,
    band: line(point.band),
    flux: point.flux,
    e_flux: point.fluxError,
    sign: point.sign,
    mag: point.magnitude,
    e_mag: point.magnitudeError,
    limit_mag: point.limit,
    mag_apparent: point.apparentMagnitude,
    e_mag_apparent: point.apparentMagnitudeError,
    flags: point.flags.length === 0 ? null : point.flags.map(plainText).join(' '),
  }));
}

function line(text: string | null): string | null {
  return text === null ? null : plainText(text);
}
