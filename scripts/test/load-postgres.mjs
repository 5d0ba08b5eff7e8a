import { createJiti } from 'jiti';

/** The PostgreSQL of the tests, for scripts that Node runs itself. */
export const { startPostgres } = await createJiti(import.meta.url).import('./postgres-for-tests.ts');
