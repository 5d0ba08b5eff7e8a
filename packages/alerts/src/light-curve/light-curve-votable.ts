import { escapeMarkup } from '../plot/markup.js';
import type { LightCurve } from './light-curve.js';
import { measurementColumns, measurementRows, type MeasurementColumn } from './measurement-table.js';

const TYPES: Readonly<Record<string, string>> = {
  text: 'datatype="char" arraysize="*"',
  boolean: 'datatype="boolean"',
  int32: 'datatype="int"',
  double: 'datatype="double"',
};

/** Unified content descriptors, which say what a column is (IVOA UCD 1+). */
const UCDS: Readonly<Record<string, string>> = {
  oid: 'meta.id;meta.main',
  id: 'meta.id',
  mjd: 'time.epoch',
  mjd_tai: 'time.epoch',
  band: 'meta.id;instr.filter',
  flux: 'phot.flux',
  e_flux: 'stat.error;phot.flux',
  mag: 'phot.mag',
  e_mag: 'stat.error;phot.mag',
  mag_apparent: 'phot.mag',
  e_mag_apparent: 'stat.error;phot.mag',
};

/** A light curve as a VOTable 1.4, with its units and the scales of its times (https://www.ivoa.net/documents/VOTable/). */
export function lightCurveVotable(curve: LightCurve): string {
  const columns = measurementColumns(curve);
  const rows = measurementRows(curve).map(
    (row) => `<TR>${columns.map(({ name }) => cell(row[name])).join('')}</TR>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
<RESOURCE type="results">
<TIMESYS ID="utc" timescale="UTC" refposition="TOPOCENTER" timeorigin="MJD-origin"/>
<TIMESYS ID="tai" timescale="TAI" refposition="TOPOCENTER" timeorigin="MJD-origin"/>
<TABLE name="light_curve">
<DESCRIPTION>Light curve of ${escapeMarkup(curve.objectId ?? 'an object without an id')}; flux 1 has ${curve.zeroPoint} mag AB</DESCRIPTION>
${columns.map(field).join('\n')}
<DATA><TABLEDATA>
${rows.join('\n')}
</TABLEDATA></DATA>
</TABLE>
</RESOURCE>
</VOTABLE>
`;
}

function field({ name, type, unit, doc, timeScale }: MeasurementColumn): string {
  const attributes = [
    `name="${name}"`,
    TYPES[type]!,
    ...(unit === '' ? [] : [`unit="${unit}"`]),
    ...(UCDS[name] === undefined ? [] : [`ucd="${UCDS[name]}"`]),
    ...(timeScale === undefined ? [] : [`ref="${timeScale}"`]),
  ];
  // A whole number has no sign of its own for none.
  const values = type === 'int32' ? '<VALUES null="0"/>' : '';
  return `<FIELD ${attributes.join(' ')}><DESCRIPTION>${escapeMarkup(doc)}</DESCRIPTION>${values}</FIELD>`;
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '<TD/>';
  if (typeof value === 'boolean') return `<TD>${value ? 'T' : 'F'}</TD>`;
  return `<TD>${typeof value === 'number' ? value : escapeMarkup(value)}</TD>`;
}
