import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from '../apf';

const program = (name: string): string => fileURLToPath(new URL(`../../bin/${name}.js`, import.meta.url));

describe('a signal while a broker is silent', () => {
  let folder: string;
  let server: Server;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-interrupted-'));
    // Takes connections and answers nothing.
    server = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const LINE = 'apf: interrupted before the broker had answered: nothing was read\n';
  it.each([
    ['SIGINT', 'apf', ['filter', '--filter', 'bright=snr > 5', '--topics', 'stream', '--servers'], [], LINE],
    ['SIGTERM', 'apf', ['consume', '--topics', 'stream', '--servers'], [], LINE],
    ['SIGINT', 'filterStream', [], ['stream', '1'], '%% Aborted by user\n'],
  ] as const)('%s ends %s %j at once, with one line', async (signal, name, before, after, line) => {
    const broker = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connected = once(server, 'connection');
    const { child, ended } = start(process.execPath, [program(name), ...before, broker, ...after], folder, {
      XDG_CONFIG_HOME: folder,
    });
    await connected;
    child.kill(signal);
    expect(await ended).toEqual({ code: null, signal, stdout: '', stderr: line });
  });
});
