import { writeFile } from 'node:fs/promises';
import { AlertConsumer, safeName } from '@apf/connectors';
import { loadSchema, toPythonJson, writeContainer } from '@apf/core';
import { connection } from '../connection/connection.js';
import { defineDocumented } from './documented.js';

const USAGE = 'Usage: poll_one_alert <path_to_elasticc_schema>';

const HELP = `${USAGE}

Polls one alert, prints it as JSON with its keys sorted, and writes it to <diaObjectId>.avro.

optional arguments:
  -h, --help          show this help message and exit
  --servers SERVERS   Kafka brokers, host:port
  --topic TOPIC       Kafka topic
  --group GROUP       A group of your own: what it was given is not given again
  --profile PROFILE   What apf login has kept, instead of the three`;

/** Seconds that the script waits. */
const TIMEOUT = 5;

export const command = defineDocumented({
  help: HELP,
  positionals: { schema: { kind: 'text' } },
  options: {
    servers: { names: ['--servers'], kind: 'text' },
    topic: { names: ['--topic'], kind: 'text' },
    group: { names: ['--group'], kind: 'text' },
    profile: { names: ['--profile'], kind: 'text' },
  },
  mistake: (kind, what) => ({ text: kind === 'missing' ? USAGE : `${USAGE}\n${what}: ${kind}`, exitCode: 1 }),
  async run({ schema: path, servers, topic, group, profile: name }) {
    const schema = loadSchema(path);
    const { params, servers: brokers, profile } = await connection({ servers, profile: name });
    const consumer = new AlertConsumer({
      topics: topic ?? profile.topics ?? [],
      servers: brokers,
      group: group ?? profile.group ?? 'poll_one_alert',
      params,
      schema,
    });
    try {
      const received = await consumer.poll(TIMEOUT);
      console.log(received === null ? 'null' : toPythonJson(received.alert, received.schema));
      if (received) {
        const own = received.schema ?? schema;
        await writeFile(fileOf(received.alert), writeContainer(own, [received.alert]));
      }
    } finally {
      await consumer.close();
    }
  },
});

function fileOf(alert: unknown): string {
  const { diaObjectId } = ((alert as { diaSource?: { diaObjectId?: unknown } }).diaSource ?? {}) as {
    diaObjectId?: bigint | number | null;
  };
  return `${safeName(String(diaObjectId ?? null))}.avro`;
}
