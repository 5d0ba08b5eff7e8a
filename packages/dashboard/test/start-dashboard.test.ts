import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamView } from '../src/page-api';
import type { BrokerState, StreamSource } from '../src/stream/stream-source';
import { memoryFeed } from './memory-feed';
import { eventually, get, served } from './served';

const NOTHING: BrokerState = { topics: [], groups: [], unseen: [] };

const quietBroker = (close: () => void = () => undefined): StreamSource => ({
  servers: 'here:9092',
  look: () => Promise.resolve(NOTHING),
  close: () => Promise.resolve(close()),
});

/** A server on any free port, and what it was asked. */
async function listening(
  answer: (request: IncomingMessage) => { readonly status: number; readonly body: string },
): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    const { status, body } = answer(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

it('a dashboard whose port is used closes what it has opened', async () => {
  const other = await listening(() => ({ status: 200, body: '' }));
  const closed: string[] = [];
  try {
    await expect(
      served({
        port: other.port,
        alerts: (store, listener) => ({
          ...memoryFeed([])(store, listener),
          close: () => Promise.resolve(void closed.push('feed')),
        }),
        stream: quietBroker(() => closed.push('broker')),
      }),
    ).rejects.toMatchObject({ code: 'APF_PORT' });
    expect(closed.sort()).toEqual(['broker', 'feed']);
  } finally {
    other.close();
  }
});

it('the name and the password of a URL of metrics are told to the step and to nobody else', async () => {
  const login = Buffer.from('me:s%cr@t').toString('base64');
  const step = await listening(({ headers }) =>
    headers.authorization === `Basic ${login}`
      ? { status: 200, body: 'apf_lag{step="mine"} 7\n' }
      : { status: 401, body: '' },
  );
  const gone = await listening(() => ({ status: 200, body: '' }));
  gone.close();
  const hosts = [`127.0.0.1:${step.port}`, `127.0.0.1:${gone.port}`];
  try {
    const dashboard = await served({
      alerts: memoryFeed([]),
      stream: quietBroker(),
      metrics: hosts.map((host) => new URL(`http://me:s%25cr%40t@${host}/metrics`)),
    });
    const view = await eventually(
      () => get<StreamView>(dashboard, '/api/stream'),
      ({ now: { steps } }) =>
        steps[0]?.up === true && /ECONNREFUSED|fetch failed/.test(steps[1]!.error ?? ''),
    );
    expect(view.now.steps.map(({ name, where, lag }) => [name, where, lag])).toEqual([
      ['mine', hosts[0], 7],
      [hosts[1], hosts[1], null],
    ]);
    for (const secret of ['s%cr', 's%25cr', '@t', 'me:', login])
      expect(JSON.stringify(view)).not.toContain(secret);
  } finally {
    step.close();
  }
});
