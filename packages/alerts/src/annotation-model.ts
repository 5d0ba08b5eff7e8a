import type { ColumnModel, ColumnType, TableModel } from '@apf/core';

/** A column: its name, its type (`?` where it may be null), its meaning. */
type Column = readonly [name: string, type: ColumnType | `${ColumnType}?`, doc: string];

const COLUMNS: readonly Column[] = [
  ['objectId', 'text', 'id of the object'],
  ['topic', 'text', 'who says it: the name of the annotator'],
  ['classification', 'text', 'what it is, in short'],
  ['version', 'text?', 'version of the annotator'],
  ['explanation', 'text?', 'what it is, and why'],
  ['classdict', 'json?', 'details, as the annotator likes'],
  ['url', 'text?', 'where more is to be read'],
];

/**
 * The table `annotation`, for the records that Lasair's annotators write (https://lasair-lsst.readthedocs.io): one for each
 * object and annotator, of which the last counts.
 */
export function annotationModel(): TableModel[] {
  return [
    {
      name: 'annotation',
      doc: 'what annotators say of objects',
      key: ['objectId', 'topic'],
      columns: COLUMNS.map(([name, type, doc]): ColumnModel => ({
        name,
        type: type.replace('?', '') as ColumnType,
        nullable: type.endsWith('?'),
        doc,
      })),
      indexes: [{ columns: ['topic'] }],
    },
  ];
}
