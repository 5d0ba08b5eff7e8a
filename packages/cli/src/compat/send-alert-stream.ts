import { simulate } from '../simulate/simulate.js';
import { defineDocumented } from './documented.js';

const HELP = `usage: sendAlertStream.py [-h] broker topic

Generates batches of alerts coming from a CCD given template alert content.

positional arguments:
  broker      Hostname or IP and port of Kafka broker.
  topic       Name of Kafka topic stream to push to.

optional arguments:
  -h, --help  show this help message and exit`;

export const command = defineDocumented({
  help: HELP,
  positionals: { broker: { kind: 'text' }, topic: { kind: 'text' } },
  options: {},
  async run({ broker, topic }) {
    // Each file is a visit; the wire format is Confluent's, 10,000 alerts of a visit leave every 39 s.
    await simulate({ paths: ['./data'], visits: true, servers: broker, topic });
  },
});
