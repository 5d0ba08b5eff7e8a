import { FINK_RULE, finkLine } from '../consume/fink-line.js';
import { defineDocumented } from './documented.js';
import { finkConsumer } from './fink-client.js';

const HELP = `usage: poll_single_alert [-h] [-config CONFIG]

Polls one alert of your Fink topics and prints a line about it.

optional arguments:
  -h, --help      show this help message and exit
  -config CONFIG  Path to your Fink configuration file.`;

export const command = defineDocumented({
  help: HELP,
  positionals: {},
  options: { config: { names: ['-config'], kind: 'text' } },
  async run({ config }) {
    const { consumer, timeout } = await finkConsumer(config ?? 'fink_client/fink_client_conf.py');
    try {
      const received = await consumer.poll(timeout);
      if (received === null) console.log(`No alerts received in the last ${timeout} seconds`);
      else console.log(`${FINK_RULE}\n${finkLine(received.alert, received.topic)}`);
    } finally {
      await consumer.close();
    }
  },
});
