import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlertConsumer, AlertError } from '@apf/connectors';
import { FixedTopics, loadSchema } from '@apf/core';
import { jaasLogin } from '../fink-kafka/distribution-conf.js';
import { keptAccounts } from '../fink-kafka/fink-cluster.js';
import type { DistributionConf } from '../fink-kafka/distribution-conf.js';
import { saslOf, type ConfOptions } from './conf-options.js';
import { sparkBatch } from './spark-table.js';

/** Seconds for which alerts are gathered into one table, and how many make one full. */
const TRIGGER = 2;
const LARGEST = 1_000;
/** Between two looks for the schema, in ms. */
const LOOK = 500;

/** Prints what is distributed from now on as tables, a batch each two seconds, until it is told to stop. */
export async function testDistribution(
  conf: DistributionConf,
  { params, topic, filter, topicPrefix = '', schemaOut = '' }: ConfOptions,
  signal: AbortSignal,
): Promise<void> {
  console.log('\nReading Fink OutStream\n');
  const names = filter?.map((each) => topicPrefix + each.split('=', 1)[0]!.trim()) ?? topic ?? [];
  const consumer = new AlertConsumer({
    topics: new FixedTopics(names, 'DISTRIBUTION_TOPIC').topics(),
    servers: String(params['bootstrap.servers']),
    group: `spark-kafka-source-${process.pid}-${Date.now()}`,
    params: await loginParams(conf, params),
    schema: (await schemaAt(schemaOut, signal)) ? loadSchema(schemaOut) : undefined,
    from: 'latest',
  });
  try {
    for (let batch = 0; !signal.aborted;) {
      const alerts = await gathered(consumer);
      if (alerts.length > 0) console.log(sparkBatch(batch++, alerts));
    }
  } finally {
    await consumer.close();
  }
}

async function loginParams(
  { consumerJaas }: DistributionConf,
  params: ConfOptions['params'],
): Promise<ConfOptions['params']> {
  if (params['security.protocol'] === 'PLAINTEXT') return saslOf(undefined);
  const own = consumerJaas !== undefined && existsSync(consumerJaas) ? jaasLogin(consumerJaas) : undefined;
  return saslOf(own ?? (await keptAccounts()).consumer);
}

/** The distribution writes it with its first alert, and may be started later. */
async function schemaAt(path: string, signal: AbortSignal): Promise<boolean> {
  for (let said = false; !existsSync(path); said = true) {
    if (signal.aborted) return false;
    if (!said) console.error(`fink: waiting for the schema ${path}, which fink start distribution writes`);
    await sleep(LOOK, undefined, { signal }).catch(() => undefined);
  }
  return true;
}

async function gathered(consumer: AlertConsumer): Promise<unknown[]> {
  const until = performance.now() + TRIGGER * 1_000;
  const alerts: unknown[] = [];
  for (let left = TRIGGER; left > 0 && alerts.length < LARGEST; left = (until - performance.now()) / 1_000) {
    try {
      const received = await consumer.poll(left);
      if (received) alerts.push(received.alert);
    } catch (error) {
      if (!(error instanceof AlertError)) throw error;
      console.error(`fink: ${error.message}`);
    }
  }
  return alerts;
}
