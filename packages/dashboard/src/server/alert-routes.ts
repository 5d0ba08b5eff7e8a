import { compileFilter, type Expression, ExpressionError } from '@apf/alerts';
import { safeName } from '@apf/connectors';
import { toJson, UsageError } from '@apf/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AlertFeed } from '../alerts/alert-feed.js';
import type { AlertStore } from '../alerts/alert-store.js';
import { alertTable } from '../alerts/alert-table.js';
import { alertView } from '../alerts/alert-view.js';
import type { KeptAlert } from '../alerts/kept-alert.js';
import { type AlertQuery, type AlertsQuery, type AlertsView, ROUTES } from '../page-api.js';
import { skyView } from '../sky-view.js';
import { NotFound } from './not-found.js';

const ROWS = 200;
const MOST_ROWS = 1_000;
const LONGEST_FILTER = 2_000;

/** The routes of alerts: the table, one of them, its downloads, the sky. */
export function alertRoutes(app: FastifyInstance, store: AlertStore, feed: AlertFeed): void {
  app.get(ROUTES.alerts, (request): AlertsView => {
    const { topic, filter, limit } = texts<AlertsQuery>(request.query);
    const kept = store.all(topic);
    const matching = filter ? kept.filter(condition(filter)) : kept;
    const rows = matching.slice(-whole(limit, 'limit', ROWS, MOST_ROWS)).reverse();
    return {
      ...alertTable(rows, kept, (alert) => store.classOf(alert)),
      kept: kept.length,
      matching: matching.length,
      sampling: feed.sampling().filter((each) => topic === undefined || each.topic === topic),
    };
  });

  app.get(ROUTES.alert, async (request) => {
    const alert = await wanted(texts<AlertQuery>(request.query), store, feed);
    const { objectId } = alert;
    const others =
      objectId === null
        ? []
        : [
            ...((await feed.ofObject?.(objectId)) ?? []),
            ...store
              .ofObject(objectId)
              .filter((other) => other !== alert)
              .map(({ value }) => value),
          ];
    return alertView(alert, store.classOf(alert), others);
  });

  app.get(ROUTES.raw, async (request, reply) => {
    const alert = await wanted(texts<AlertQuery>(request.query), store, feed);
    return download(reply, `${fileName(alert)}.avro`, alert.message.value ?? Buffer.alloc(0));
  });

  app.get(ROUTES.json, async (request, reply) => {
    const alert = await wanted(texts<AlertQuery>(request.query), store, feed);
    return download(
      reply,
      `${fileName(alert)}.json`,
      toJson(alert.value, { schema: alert.schema, indent: 2 }),
    );
  });

  app.get(ROUTES.sky, (request) =>
    skyView(store.all(texts<{ topic?: string }>(request.query).topic), (alert) => store.classOf(alert)),
  );
}

/** The file is saved, never shown: whatever it holds, no browser runs it. */
export function download(reply: FastifyReply, name: string, content: Buffer | string): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .type('application/octet-stream')
    .send(content);
}

const fileName = ({ at, alertId, objectId }: KeptAlert): string =>
  safeName([objectId, alertId ?? `${at.partition}-${at.offset}-${at.record}`].filter(Boolean).join('_'));

async function wanted(query: AlertQuery, store: AlertStore, feed: AlertFeed): Promise<KeptAlert> {
  const { id, topic, partition, offset, record } = query;
  if (id !== undefined) {
    const found = store.named(id) ?? ((await feed.seek?.(id)) ? store.named(id) : undefined);
    if (found) return found;
    throw new NotFound(`there is no alert and no object '${id.slice(0, 100)}' among those that are kept`);
  }
  if (topic === undefined || partition === undefined || offset === undefined)
    throw new UsageError('name an alert by topic, partition and offset, or by id');
  const found = store.at({
    topic,
    partition: whole(partition, 'partition'),
    offset: whole(offset, 'offset'),
    record: whole(record ?? '0', 'record'),
  });
  if (found) return found;
  throw new NotFound('this alert is not kept any more: newer ones took its place');
}

function condition(text: string): (alert: KeptAlert) => boolean {
  if (text.length > LONGEST_FILTER)
    throw new UsageError('the filter is too long', { code: 'APF_EXPRESSION' });
  const filter: Expression = compileFilter(text);
  return ({ value }) => {
    try {
      return filter.test(value);
    } catch (error) {
      // An alert of another kind, which the expression does not fit.
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  };
}

/** Query parameters, each of which is one text. @throws UsageError for one that is given twice */
export function texts<T>(query: unknown): T {
  for (const [name, value] of Object.entries(query as object))
    if (typeof value !== 'string') throw new UsageError(`'${name.slice(0, 40)}' is given more than once`);
  return query as T;
}

function whole(text: string | undefined, name: string, fallback = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,16}$/.test(text) || Number(text) > most)
    throw new UsageError(`'${name}' must be a whole number${most < 1e9 ? ` up to ${most}` : ''}`);
  return Number(text);
}
