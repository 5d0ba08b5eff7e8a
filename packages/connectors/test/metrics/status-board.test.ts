import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { FatalError } from '@apf/core';
import type { Family } from '../../src/metrics/families.js';
import { StatusBoard } from '../../src/metrics/status-board.js';
import { serveStatus, type StatusServer } from '../../src/metrics/status-server.js';
import { exposed } from './exposed.js';

const counted = (value: number): Family => ({
  name: 'apf_consumed_total',
  help: 'Messages',
  type: 'counter',
  aggregator: 'sum',
  values: [{ labels: { step: 'sn' }, value }],
});
const report = (value: number, ready = true) => ({
  health: ready ? { ready } : { ready, reason: 'it is stopping' },
  families: [counted(value)],
});
const consumed = async (board: StatusBoard): Promise<number | undefined> =>
  exposed(await board.metrics()).get('apf_consumed_total{step="sn"}');

describe('the board of what processes report', () => {
  it('serves the sum of the last numbers of each process that is there', async () => {
    const board = new StatusBoard();
    const quick = board.add('quick');
    const busy = board.add('busy');
    expect(await consumed(board)).toBeUndefined();
    quick.reported(report(1));
    busy.reported(report(100));
    expect(await consumed(board)).toBe(101);
    quick.reported(report(2));
    expect(await consumed(board)).toBe(102);
    busy.gone();
    expect(await consumed(board)).toBe(2);
  });

  it('is ready when all are, and says of each that is not why', () => {
    const board = new StatusBoard();
    expect(board.ready()).toEqual({ status: 503, body: { ready: false, reason: 'nothing runs' } });
    const one = board.add('worker 1');
    const two = board.add('worker 2');
    one.reported(report(1, false));
    expect(board.ready().body).toEqual({
      ready: false,
      reason: 'worker 1: it is stopping; worker 2: it has not started yet',
    });
    one.reported(report(1));
    two.reported(report(1));
    expect(board.ready()).toEqual({ status: 200, body: { ready: true } });
  });

  it('is live until a process has been silent for five minutes', () => {
    let now = 0;
    const board = new StatusBoard(() => now);
    const one = board.add('sn');
    now = 200_000;
    one.reported(report(1));
    now = 500_000;
    expect(board.live().status).toBe(200);
    now = 500_001;
    expect(board.live()).toEqual({
      status: 503,
      body: { live: false, reason: 'sn has not answered for 300 s' },
    });
  });
});

describe('the status server', () => {
  const servers: StatusServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('serves metrics and health on loopback', async () => {
    const board = new StatusBoard();
    const one = board.add('sn');
    const server = await serveStatus({ host: '127.0.0.1', port: 0 }, board);
    servers.push(server);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const get = (path: string): Promise<Response> => fetch(server.url + path);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(503);
    one.reported(report(5));
    const ready = await get('/health/ready');
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true },
    });
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toBe(
      '# HELP apf_consumed_total Messages\n# TYPE apf_consumed_total counter\napf_consumed_total{step="sn"} 5\n',
    );
  });

  it('says which setting to change where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const error: unknown = await serveStatus({ host: '127.0.0.1', port }, new StatusBoard()).catch(
      (thrown: unknown) => thrown,
    );
    other.close();
    expect(error).toBeInstanceOf(FatalError);
    expect((error as FatalError).code).toBe('APF_PORT');
    expect((error as FatalError).message).toBe(
      `metrics cannot be served at 127.0.0.1:${port}: something else listens there; choose another with PROMETHEUS_PORT, or 0 for any free one`,
    );
  });
});
