import { FatalError } from '@apf/core';
import { EXPOSITION_TYPE } from './families.js';
import type { StatusBoard } from './status-board.js';

export interface StatusAddress {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

export interface StatusServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/metrics`, `/health/live` and `/health/ready`.
 * @throws FatalError (APF_PORT) where the port is not to be had.
 */
export async function serveStatus({ host, port }: StatusAddress, board: StatusBoard): Promise<StatusServer> {
  const { fastify } = await import('fastify');
  const app = fastify({ forceCloseConnections: true });
  app.get('/metrics', async (_, reply) => reply.type(EXPOSITION_TYPE).send(await board.metrics()));
  app.get('/health/live', (_, reply) => {
    const { status, body } = board.live();
    return reply.code(status).send(body);
  });
  app.get('/health/ready', (_, reply) => {
    const { status, body } = board.ready();
    return reply.code(status).send(body);
  });
  try {
    // What the first answer loads and compiles is there before anybody asks.
    await board.metrics();
    return { url: await app.listen({ host, port }), close: () => app.close() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? `something else listens there; choose another with PROMETHEUS_PORT, or 0 for any free one`
        : `${message}; check PROMETHEUS_HOST and PROMETHEUS_PORT`;
    throw new FatalError(`metrics cannot be served at ${host}:${port}: ${why}`, {
      code: 'APF_PORT',
      cause: error,
    });
  }
}
