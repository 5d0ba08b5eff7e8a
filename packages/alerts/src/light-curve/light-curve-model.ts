import { checkTables, type ColumnModel, type ColumnType, type TableModel } from '@apf/core';

/** A column: its name, its type (`?` where it may be null), its meaning [unit]. */
type Column = readonly [name: string, type: ColumnType | `${ColumnType}?`, doc: string];

export interface LightCurveModelOptions {
  /** Columns of `alert` for what a broker adds to an alert, such as the class of a catalogue's nearest source; may be null. */
  readonly enrichment?: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly doc?: string;
  }[];
}

/**
 * The tables of a light-curve database, with ALeRCE's names, for ZTF and LSST alike: alerts as they came, the schemas
 * that they were written with, and what was made of them. Ids of objects are text, since LSST's are numbers and ZTF's are
 * not. Magnitudes are AB.
 * @throws UsageError (APF_TABLE) for enrichment columns that a database would not keep as they are named
 */
export function lightCurveModel({ enrichment = [] }: LightCurveModelOptions = {}): TableModel[] {
  const alert: TableModel = {
    ...ALERT,
    columns: ALERT.columns.flatMap((column) =>
      column.name === 'ingested_seq'
        ? [...enrichment.map((added) => ({ ...added, nullable: true })), column]
        : [column],
    ),
  };
  const tables = [SCHEMA, alert, OBJECT, DETECTION, NON_DETECTION, FORCED_PHOTOMETRY, FEATURE, PROBABILITY];
  checkTables(tables);
  return tables;
}

const OID: Column = ['oid', 'text', 'id of the object'];
const MJD: Column = ['mjd', 'double', 'time of the exposure, Modified Julian Date, UTC [d]'];
const BAND: Column = ['band', 'text', 'filter: u, g, r, i, z, y'];

const SCHEMA = table(
  'schema',
  'the Avro schemas of the alerts',
  ['id'],
  [
    ['id', 'text', 'first 16 hexadecimal digits of the SHA-256 of the text'],
    ['text', 'text', 'the schema, JSON'],
  ],
);

const ALERT = table(
  'alert',
  'alerts as they were received',
  ['candid'],
  [
    ['candid', 'int64', 'id of the alert: candid of ZTF, diaSourceId of LSST'],
    ['oid', 'text?', 'id of the object'],
    ['survey', 'text', 'ztf or lsst'],
    MJD,
    ['time', 'timestamp?', 'when the message was written to its topic'],
    ['topic', 'text', 'where it was read: the topic, or the file'],
    ['partition', 'int32', 'its partition'],
    ['offset', 'int64', 'its offset'],
    ['schema_id', 'text', 'id of the schema that the payload is written with'],
    ['payload', 'bytes', 'the alert, Avro without any framing'],
    ['ingested_seq', 'int64', 'grows with every row'],
    ['ingested_xid', 'int64', 'number of the transaction that wrote the row; 0 in SQLite'],
  ],
  [['oid'], ['ingested_xid', 'ingested_seq']],
  { ingested_seq: 'sequence', ingested_xid: 'transaction' },
);

const OBJECT = table(
  'object',
  'what is known of each object',
  ['oid'],
  [
    OID,
    ['survey', 'text?', 'ztf or lsst'],
    ['meanra', 'double?', 'right ascension, mean of the detections, J2000 [deg]'],
    ['meandec', 'double?', 'declination, mean of the detections, J2000 [deg]'],
    ['healpix', 'int64?', 'HEALPix pixel of the position, order 15, nested'],
    ['firstmjd', 'double?', 'first detection, Modified Julian Date, UTC [d]'],
    ['lastmjd', 'double?', 'last detection, Modified Julian Date, UTC [d]'],
    ['ndet', 'int32?', 'number of detections'],
    ['corrected', 'boolean?', 'whether the first detection has a source of the reference at its place'],
    ['stellar', 'boolean?', 'whether that source looks like a star'],
  ],
  [['healpix']],
);

/** What is measured in one exposure; the columns that detections and forced photometry share. */
const PHOTOMETRY: readonly Column[] = [
  ['flux', 'float?', 'difference flux with its sign [nJy]'],
  ['e_flux', 'float?', 'standard error of flux [nJy]'],
  ['mag', 'float?', 'magnitude of the difference flux without its sign [mag]'],
  ['e_mag', 'float?', 'standard error of mag [mag]'],
  ['mag_corr', 'float?', 'apparent magnitude: the flux of the reference added [mag]'],
  ['e_mag_corr', 'float?', 'standard error of mag_corr, of an unresolved source [mag]'],
  ['e_mag_corr_ext', 'float?', 'standard error of mag_corr, of an extended source [mag]'],
  ['corrected', 'boolean?', 'whether mag_corr could be reckoned'],
  ['dubious', 'boolean?', 'whether corrected contradicts the sign, or the first detection in the band'],
];

const DETECTION = table(
  'detection',
  'what was found in the difference images',
  ['candid'],
  [
    ['candid', 'int64', 'id of the detection'],
    OID,
    MJD,
    BAND,
    ['pid', 'int64?', 'id of the image: pid of ZTF, visit of LSST'],
    ['ra', 'double', 'right ascension, J2000 [deg]'],
    ['dec', 'double', 'declination, J2000 [deg]'],
    ['isdiffpos', 'int32?', '1 brighter than the reference, -1 fainter'],
    ...PHOTOMETRY,
    ['rb', 'float?', 'real (1) or bogus (0): rb of ZTF, reliability of LSST'],
    ['parent_candid', 'int64?', 'id of the alert that told of it, where it has none itself'],
    ['has_stamp', 'boolean?', 'whether there is an alert of its own, with images'],
    ['extra_fields', 'json?', 'what else is known of it'],
  ],
  [['oid', 'mjd']],
);

const NON_DETECTION = table(
  'non_detection',
  'exposures in which nothing was found',
  ['oid', 'band', 'mjd'],
  [OID, BAND, MJD, ['diffmaglim', 'float?', '5 sigma limit of the difference image [mag]']],
);

const FORCED_PHOTOMETRY = table(
  'forced_photometry',
  'fluxes measured at the place of an object',
  ['oid', 'pid'],
  [
    OID,
    ['pid', 'int64', 'id of the image: pid of ZTF, visit of LSST'],
    MJD,
    BAND,
    ['ra', 'double?', 'right ascension, J2000 [deg]'],
    ['dec', 'double?', 'declination, J2000 [deg]'],
    ['isdiffpos', 'int32?', '1 brighter than the reference, -1 fainter'],
    ...PHOTOMETRY,
    ['extra_fields', 'json?', 'what else is known of it'],
  ],
);

const FEATURE = table(
  'feature',
  'numbers that describe a light curve',
  ['oid', 'name', 'band', 'version'],
  [
    OID,
    ['name', 'text', 'name of the feature, without its band'],
    ['band', 'text', 'filter; several letters, or none, for a feature of several'],
    ['version', 'text', 'version of the software that reckoned it'],
    ['value', 'double?', 'null where it could not be reckoned'],
  ],
);

const PROBABILITY = table(
  'probability',
  'what classifiers say',
  ['oid', 'classifier_name', 'classifier_version', 'class_name'],
  [
    OID,
    ['classifier_name', 'text', 'name of the classifier'],
    ['classifier_version', 'text', 'its version'],
    ['class_name', 'text', 'class'],
    ['probability', 'double?', '0 to 1'],
    ['ranking', 'int32?', '1 for the most probable class'],
    ['lastmjd', 'double?', 'last detection that was taken into account, Modified Julian Date, UTC [d]'],
  ],
);

function table(
  name: string,
  doc: string,
  key: readonly string[],
  columns: readonly Column[],
  indexes: readonly (readonly string[])[] = [],
  filled: Readonly<Record<string, ColumnModel['filled']>> = {},
): TableModel {
  return {
    name,
    doc,
    key,
    columns: columns.map(([column, type, meaning]) => ({
      name: column,
      type: type.replace('?', '') as ColumnType,
      nullable: type.endsWith('?'),
      doc: meaning,
      ...(filled[column] === undefined ? {} : { filled: filled[column] }),
    })),
    indexes: indexes.map((indexed) => ({ columns: indexed })),
  };
}
