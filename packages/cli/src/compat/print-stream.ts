import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cutoutsOf } from '@apf/alerts';
import {
  AlertConsumer,
  AlertError,
  alertName,
  type ReceivedAlert,
  safeName,
  writeOnce,
} from '@apf/connectors';
import { toJson, UsageError } from '@apf/core';
import { schemaSources } from '../consume/schema-sources.js';
import { defineDocumented } from './documented.js';
import { lsstParams } from './lsst-stream.js';
import { untilInterrupted } from './until-interrupted.js';

const HELP = `usage: printStream.py [-h] [--group GROUP] [--stampDir STAMPDIR]
                      broker topic interval

Consumes alert stream and prints all messages to the console.

positional arguments:
  broker               Hostname or IP and port of Kafka broker.
  topic                Name of Kafka topic to listen to.
  interval             Number of alerts to skip until print: every Nth alert
                       is printed.

optional arguments:
  -h, --help           show this help message and exit
  --group GROUP        Globally unique name of the consumer group. Consumers in
                       the same group will share messages (i.e., only one
                       consumer will receive a message, as in a queue). Default
                       is value of $HOSTNAME.
  --stampDir STAMPDIR  Output directory for writing postage stamp cutouts.`;

export const command = defineDocumented({
  help: HELP,
  positionals: { broker: { kind: 'text' }, topic: { kind: 'text' }, interval: { kind: 'integer' } },
  options: {
    group: { names: ['--group'], kind: 'text' },
    stampDir: { names: ['--stampDir'], kind: 'text' },
  },
  async run({ broker, topic, interval, group, stampDir }) {
    if (interval < 1) throw new UsageError('interval must be 1 or more');
    if (stampDir !== undefined) mkdirSync(stampDir, { recursive: true });
    const params = lsstParams(broker, group);
    const { schemas } = schemaSources({}, {});
    const consumer = new AlertConsumer({
      topics: topic,
      servers: broker,
      group: params['group.id']!,
      schemas,
    });
    let count = 0;
    await untilInterrupted(
      async () => {
        try {
          const received = await consumer.poll();
          if (received === null) return false;
          if (++count % interval === 0) console.log(withoutStamps(received));
          if (stampDir !== undefined) await writeStamps(received, stampDir);
        } catch (error) {
          if (!(error instanceof AlertError)) throw error;
          console.error('%% Data cannot be decoded');
          console.error(`%% ${error.message}`);
        }
        return true;
      },
      () => consumer.close(),
    );
  },
});

function withoutStamps({ alert, schema }: ReceivedAlert<unknown>): string {
  const rest = Object.fromEntries(
    Object.entries(alert as object).filter(([name]) => !name.startsWith('cutout')),
  );
  return toJson(rest, { schema, nonFinite: 'literal' });
}

/** The difference and the template, as the prototype writes them; the science image too where there is one. */
async function writeStamps(received: ReceivedAlert<unknown>, folder: string): Promise<void> {
  const { alert } = received;
  const cutouts = cutoutsOf(alert);
  for (const { name, bytes, fileName } of cutouts) {
    const file = safeName(fileName ?? `${alertName(alert, received)}_${name.toLowerCase()}.fits`);
    await writeOnce(join(folder, file), bytes, true);
  }
  for (const name of ['Difference', 'Template'])
    if (!cutouts.some((cutout) => cutout.name === name)) console.error('%% Cannot get stamp');
}
