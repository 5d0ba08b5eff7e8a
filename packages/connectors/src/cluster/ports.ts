import { createServer, type Server } from 'node:net';

/**
 * Below the range from which Linux and macOS take the ports of outgoing connections, so that no client can slip onto
 * a port between our finding it free and Kafka's binding it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** `count` different ports of `address` that are free at this moment. */
export async function freePorts(count: number, address: string): Promise<number[]> {
  const held: Server[] = [];
  try {
    const ports: number[] = [];
    while (ports.length < count) {
      const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
      const server = await listen(port, address);
      if (server === undefined) continue;
      held.push(server);
      ports.push(port);
    }
    return ports;
  } finally {
    await Promise.all(held.map(close));
  }
}

/** Whether all of these ports could be bound now. */
export async function arePortsFree(ports: readonly number[], address: string): Promise<boolean> {
  for (const port of ports) {
    const server = await listen(port, address);
    if (server === undefined) return false;
    await close(server);
  }
  return true;
}

/** The listening server, or undefined where the port is taken. */
function listen(port: number, address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
