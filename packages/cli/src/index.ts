import { exitOnClosedPipe } from './exit-on-closed-pipe.js';
import { main } from './main.js';

exitOnClosedPipe();
process.exitCode = (await main(process.argv.slice(2))) || process.exitCode;
