import { randomBytes } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { type Clock, FatalError, systemClock, toError } from '@apf/core';
import type { StoredLetter, LetterStore } from '@apf/connectors';
import type { OpenFeed } from './alerts/alert-feed.js';
import { AlertStore } from './alerts/alert-store.js';
import { LetterDesk } from './letters/letter-desk.js';
import { type DashboardInfo, ROUTES, type StreamView } from './page-api.js';
import { access, SAFE_HEADERS } from './server/access.js';
import { alertRoutes } from './server/alert-routes.js';
import { apiError } from './server/api-error.js';
import { EventStreams } from './server/event-streams.js';
import { letterRoutes } from './server/letter-routes.js';
import { servePage } from './server/page-files.js';
import { StepMetrics } from './stream/step-metrics.js';
import { StreamRecorder } from './stream/stream-recorder.js';
import type { StreamSource } from './stream/stream-source.js';

export interface DashboardOptions {
  /** Loopback where absent. */
  readonly host?: string | undefined;
  /** Any free one where absent. */
  readonly port?: number | undefined;
  /** Who does not know it sees nothing. One is made where it is absent and the host is not loopback. */
  readonly token?: string | undefined;
  readonly version: string;
  readonly title: string;
  readonly source: DashboardInfo['source'];
  readonly alerts: OpenFeed;
  /** The broker to watch; a database and files have none. */
  readonly stream?: StreamSource | undefined;
  /** URLs of /metrics of steps. */
  readonly metrics?: readonly URL[] | undefined;
  readonly letters?:
    | {
        readonly store: LetterStore;
        /** Absent: dead letters can be looked at only. Resolves to how many were sent. */
        readonly replay?: ((letters: readonly StoredLetter[]) => Promise<number>) | undefined;
      }
    | undefined;
  readonly clock?: Clock;
  /** What went wrong while alerts were read; the page goes on with what it has. */
  readonly onError?: (error: Error) => void;
}

export interface Dashboard {
  /** Where the page is; with the token where one is needed. */
  readonly url: string;
  /** The token to enter with; undefined where none is needed. */
  readonly token: string | undefined;
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** How often pages are told that alerts came, in ms. */
const TICK = 500;
/** A page that hears nothing for 2 s says so: where no broker is watched it hears this often, in ms. */
const BEAT = 1_000;

/** Whether only this machine reaches a server that listens at this address. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);

/**
 * Serves the page and what it shows. Nothing of how the broker is reached is in any answer.
 * @throws FatalError (APF_PORT) where the port is not to be had
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { host = '127.0.0.1', clock = systemClock } = options;
  const loopback = isLoopback(host);
  const token = options.token ?? (loopback ? undefined : randomBytes(24).toString('base64url'));
  const events = new EventStreams(clock);
  const store = new AlertStore();
  let news = false;
  const feed = options.alerts(store, {
    onAlerts: () => (news = true),
    onError: (error) => options.onError?.(error),
  });
  const desk =
    options.letters &&
    new LetterDesk({ ...options.letters, clock, onCount: (count) => events.send('letters', { count }) });
  const recorder =
    options.stream &&
    new StreamRecorder({
      source: options.stream,
      steps: new StepMetrics(options.metrics ?? [], clock),
      deadLetters: () => desk?.count ?? null,
      clock,
      onLook: (snapshot) => events.send('stream', snapshot),
    });
  // Addresses are not logged: the first one has the token in it.
  const check = access({ token, loopback });
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    logger: false,
    // An address that is none comes to no hook and no handler.
    frameworkErrors: (error, request, answer) => {
      const reply: FastifyReply = answer;
      const { status, body } = apiError(error);
      void check(request, reply).then(() => {
        if (!reply.sent) void reply.code(status).send(body);
      });
    },
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _, reply) => {
    const { status, body } = apiError(error);
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'there is no such page', code: 'APF_USAGE' }),
  );
  app.addHook('onRequest', check);
  app.get(ROUTES.info, (): DashboardInfo => ({
    version: options.version,
    title: options.title,
    source: options.source,
    views: [
      ...(recorder ? (['stream'] as const) : []),
      'alerts',
      ...(desk ? (['letters'] as const) : []),
      'sky',
    ],
    topics: feed.topics(),
    allowReplay: desk?.allowReplay ?? false,
  }));
  app.get(ROUTES.stream, (): StreamView => {
    if (recorder) return recorder.view();
    return NO_STREAM;
  });
  // A question for the headers alone is not one that listens.
  app.head(ROUTES.events, (_, reply) => reply.type('text/event-stream').send());
  app.get(ROUTES.events, { exposeHeadRoute: false }, (_, reply) => {
    if (events.add(reply.raw, SAFE_HEADERS)) reply.hijack();
    else return reply.code(503).send({ error: 'too many pages are open', code: 'APF_USAGE' });
  });
  alertRoutes(app, store, feed);
  letterRoutes(app, desk);

  const address = await served(app, host, options.port ?? 0).catch(async (error: unknown) => {
    // Clients that stay open would keep the process from ending.
    await Promise.all([recorder?.close(), feed.close?.()]);
    throw error;
  });
  events.send('alerts', { topics: feed.sampling() });
  events.send('letters', { count: desk?.count ?? null });
  const ticking = setInterval(() => {
    if (!news) return;
    news = false;
    events.send('alerts', { topics: feed.sampling() });
  }, TICK);
  const beating = setInterval(() => {
    if (!recorder) events.send('letters', { count: desk?.count ?? null });
  }, BEAT);
  recorder?.start();
  desk?.start();
  const stop = new AbortController();
  const reading = feed.run(stop.signal).catch((error: unknown) => options.onError?.(toError(error)));
  return {
    url: token === undefined ? `${address}/` : `${address}/?token=${encodeURIComponent(token)}`,
    token,
    close: async () => {
      clearInterval(ticking);
      clearInterval(beating);
      events.close();
      await app.close();
      stop.abort();
      await Promise.all([reading, recorder?.close(), desk?.close()]);
      await feed.close?.();
    },
  };
}

const NO_STREAM: StreamView = {
  now: {
    time: 0,
    servers: null,
    error: null,
    unseen: [],
    topics: [],
    groups: [],
    steps: [],
    deadLetters: null,
  },
  history: {
    times: [],
    topicRate: {},
    groupLag: {},
    groupRate: {},
    groupLatency: {},
    stepLatency: {},
    deadLetters: [],
  },
};

/** The address at which the page is then served. */
async function served(app: FastifyInstance, host: string, port: number): Promise<string> {
  await servePage(app);
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'something else listens there; choose another with --port'
        : `${message}; check --host and --port`;
    throw new FatalError(`the dashboard cannot be served at ${host}:${port}: ${why}`, {
      code: 'APF_PORT',
      cause: error,
    });
  }
}
