import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, FatalError } from '@apf/core';
import { reportStatus, type StatusReport } from './status-report.js';
import type { StatusAddress, StatusServer } from './status-server.js';

type Started = { readonly url: string } | { readonly error: string; readonly code: ErrorCode };

/**
 * Serves this process's status from a thread of its own: the main one may be busy with a batch for seconds.
 * @throws FatalError (APF_PORT) where the port is not to be had.
 */
export async function serveApart(
  step: string,
  address: StatusAddress,
  report: () => StatusReport,
): Promise<StatusServer> {
  const thread = new Worker(new URL('./status-thread.js', import.meta.url), {
    workerData: { step, address },
  });
  const endReports = reportStatus(report, (said) => thread.postMessage(said));
  const close = async (): Promise<void> => {
    endReports();
    await thread.terminate();
  };
  try {
    const [message] = (await once(thread, 'message')) as [Started];
    if ('error' in message) throw new FatalError(message.error, { code: message.code });
    thread.unref();
    return { url: message.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
