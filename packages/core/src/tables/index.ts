export {
  checkTables,
  type ColumnModel,
  type ColumnType,
  type IndexModel,
  type TableModel,
} from './table-model.js';
export { tableOf, type TableOfOptions } from './table-of.js';
