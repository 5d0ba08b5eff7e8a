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
  const reporting = reportStatus(report, (said) => thread.postMessage(said));
  thread.on('message', reporting.asked);
  const close = async (): Promise<void> => {
    reporting.end();
    await thread.terminate();
  };
  try {
    for (;;) {
      const [message] = (await once(thread, 'message')) as [Started | string];
      if (typeof message === 'string') continue;
      if ('url' in message) {
        thread.unref();
        return { url: message.url, close };
      }
      throw new FatalError(message.error, { code: message.code });
    }
  } catch (error) {
    await close();
    throw error;
  }
}
