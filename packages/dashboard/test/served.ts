import { FixedTopics, silent, systemClock } from '@apf/core';
import { KafkaSink } from '@apf/connectors';
import { BrokerFeed } from '../src/alerts/broker-feed';
import { type Dashboard, type DashboardOptions, startDashboard } from '../src/start-dashboard';
import { watchedBroker } from '../src/stream/watched-broker';
import { anyPage } from './build-page';

const open = new Set<Dashboard>();

/** Dashboards that a test has left open, as one that timed out does. */
afterEach(async () => {
  for (const dashboard of open) await dashboard.close();
  open.clear();
});

/** A dashboard on any free port, until the test is over. */
export async function served(
  options: Pick<DashboardOptions, 'alerts'> & Partial<DashboardOptions>,
): Promise<Dashboard> {
  await anyPage();
  const dashboard = await startDashboard({ version: '1.2.3', title: 'a test', source: 'broker', ...options });
  open.add(dashboard);
  return dashboard;
}

/** A dashboard of these topics of a broker. */
export function servedBroker(
  servers: string,
  topics: readonly string[],
  options: Partial<DashboardOptions> & { readonly groups?: readonly string[] } = {},
): Promise<Dashboard> {
  const { groups, ...rest } = options;
  const params = { 'bootstrap.servers': servers };
  return served({
    title: servers,
    alerts: (store, listener) => new BrokerFeed({ params, topics }, store, listener),
    stream: watchedBroker({ servers }, { topics, groups }),
    ...rest,
  });
}

/** Writes messages to a topic and waits until the broker has them. */
export async function produce(
  servers: string,
  topic: string,
  values: readonly (Buffer | null)[],
): Promise<void> {
  const sink = new KafkaSink<Buffer | null>({
    params: { 'bootstrap.servers': servers },
    topics: new FixedTopics([topic]),
    encode: (bytes) => bytes as Buffer,
    step: 'test',
    version: '0',
    logger: silent,
    clock: systemClock,
  });
  await sink.open();
  try {
    await sink.write(
      values.map((value, offset) => ({ value, origin: { topic, partition: 0, offset, value: null } })),
    );
    await sink.flush(new AbortController().signal);
  } finally {
    await sink.close();
  }
}

/** The JSON of an answer. */
export async function get<T>(dashboard: Dashboard, path: string): Promise<T> {
  const response = await fetch(new URL(path, dashboard.url));
  const body = (await response.json()) as T;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
  return body;
}

export { eventually } from './eventually';
