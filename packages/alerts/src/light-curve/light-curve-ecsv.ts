import type { LightCurve } from './light-curve.js';
import { measurementColumns, measurementRows, type MeasurementColumn } from './measurement-table.js';

const TYPES: Readonly<Record<string, string>> = {
  text: 'string',
  boolean: 'bool',
  int32: 'int32',
  double: 'float64',
};

/**
 * A light curve as ECSV, CSV with units, types and descriptions in its head, which astropy's `Table.read` takes
 * (https://github.com/astropy/astropy-APEs/blob/main/APE6.rst).
 */
export function lightCurveEcsv(curve: LightCurve): string {
  const columns = measurementColumns(curve);
  const meta = [
    `survey: ${yaml(curve.survey)}`,
    `object: ${yaml(curve.objectId ?? '')}`,
    `flux_unit: ${yaml(curve.unit)}`,
    `zero_point: ${curve.zeroPoint}`,
    `time_scales: {mjd: utc, mjd_tai: tai}`,
  ];
  return [
    '# %ECSV 1.0',
    '# ---',
    "# delimiter: ','",
    '# datatype:',
    ...columns.map((column) => `# - ${columnText(column)}`),
    '# meta: !!omap',
    ...meta.map((entry) => `# - ${entry}`),
    '# schema: astropy-2.0',
    columns.map(({ name }) => name).join(','),
    ...measurementRows(curve).map((row) => columns.map(({ name }) => cell(row[name])).join(',')),
    '',
  ].join('\n');
}

function columnText({ name, type, unit, doc }: MeasurementColumn): string {
  const unitText = unit === '' ? '' : `, unit: ${unit}`;
  return `{name: ${name}${unitText}, datatype: ${TYPES[type]}, description: ${yaml(doc)}}`;
}

/** JSON's quoted text is YAML's too; what YAML takes for the end of a line is escaped. */
function yaml(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An empty cell is a masked value; so that an empty text is one too, it is quoted. */
function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  return /[",\r\n ]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value;
}
