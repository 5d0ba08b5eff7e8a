export { databaseAt } from './database-address.js';
export { type AnyTables, openDatabase, type SqlDatabase } from './open-database.js';
export { quoted } from './quoted.js';
export { resultsTable } from './results-table.js';
export * from './tables/index.js';
export {
  type AlertCursor,
  type AlertSelection,
  FIRST_ALERT,
  type StoredAlert,
  StoredAlerts,
  type StoredRow,
} from './stored-alerts.js';
export { AlertTableSource, type AlertTableSourceOptions } from './alert-table/alert-table-source.js';
export {
  type AlertCheckpoint,
  type AlertPosition,
  FileCheckpoint,
  TableCheckpoint,
} from './alert-table/checkpoint.js';
