export { databaseAt } from './database-address.js';
export { type AnyTables, openDatabase, type SqlDatabase } from './open-database.js';
export { quoted } from './quoted.js';
export * from './tables/index.js';
export { type AlertCursor, FIRST_ALERT, type StoredAlert, StoredAlerts } from './stored-alerts.js';
