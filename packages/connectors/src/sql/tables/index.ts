export { type AppliedMigration, demandNoConflicts, migrate } from './migrate.js';
export { type Change, type MigrationPlan, planMigration } from './plan-migration.js';
export { selectRanges, type Selection, selectWhere } from './select-rows.js';
export { type FoundColumn, type FoundTable, readTable } from './read-table.js';
