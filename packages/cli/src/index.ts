import { main } from './main.js';

// A reader such as `head` may leave early: what it did not want is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = (await main(process.argv.slice(2))) || process.exitCode;
