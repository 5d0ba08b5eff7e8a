/** The thread that serves the status of its process: see `serve-apart.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf, toError } from '@apf/core';
import { StatusBoard } from './status-board.js';
import type { StatusReport } from './status-report.js';
import { serveStatus, type StatusAddress } from './status-server.js';

const port = parentPort!;
const { step, address } = workerData as { step: string; address: StatusAddress };
const board = new StatusBoard();
const process = board.add(step);
port.on('message', (report: StatusReport) => process.reported(report));
try {
  const { url } = await serveStatus(address, board);
  port.postMessage({ url });
} catch (error) {
  port.postMessage({ error: toError(error).message, code: codeOf(error, 'APF_FATAL') });
}
