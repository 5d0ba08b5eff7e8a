import type { ColumnType, Row, RowChange } from '@apf/core';

export interface Column {
  readonly name: string;
  /** Undefined for a type that apf has no word for. */
  readonly type: ColumnType | undefined;
  /** As the database names it. */
  readonly declared: string;
}

/** The same done to many rows of a table, of which no two have the same key. */
export interface Operation {
  readonly kind: RowChange['kind'];
  readonly table: string;
  /** Those that tell rows apart. */
  readonly key: readonly Column[];
  /** The others that are given; none for `delete`. */
  readonly values: readonly Column[];
  /** Of these, those that are added to what stands there. */
  readonly add: ReadonlySet<string>;
  readonly rows: readonly Row[];
}
