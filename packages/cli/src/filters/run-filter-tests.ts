import { filterImport } from './filter-loader.js';

/** Runs the test files that it is given, with Node's own test runner, as the whole of a process. */
const [, , ...files] = process.argv;
for (const file of files) await filterImport(file)(file);
