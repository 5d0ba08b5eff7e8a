import { access, constants } from 'node:fs/promises';
import { type ReceivedAlert } from '@apf/connectors';
import { UsageError } from '@apf/core';
import { ctime, FINK_RULE, finkLine } from '../consume/fink-line.js';
import { defineDocumented } from './documented.js';
import { finkConsumer } from './fink-client.js';
import { untilInterrupted } from './until-interrupted.js';

const HELP = `usage: fink_consumer [-h] [-config CONFIG] [--display] [--save]
                     [-outdir OUTDIR]

Kafka consumer to listen and archive Fink streams

optional arguments:
  -h, --help      show this help message and exit
  -config CONFIG  Path to your Fink configuration file.
  --display       If specified, print on screen information about incoming
                  alert.
  --save          If specified, save alert data on disk (Avro). See also
                  -outdir.
  -outdir OUTDIR  Folder to store incoming alerts if --save is set. It must
                  exist.`;

export const command = defineDocumented({
  help: HELP,
  positionals: {},
  options: {
    config: { names: ['-config'], kind: 'text' },
    display: { names: ['--display'], kind: 'flag' },
    save: { names: ['--save'], kind: 'flag' },
    outdir: { names: ['-outdir'], kind: 'text' },
  },
  async run({ config, display, save, outdir = '.' }) {
    if (save) await demandFolder(outdir);
    const { consumer, timeout, overwrite } = await finkConsumer(config ?? 'fink_client/fink_client_conf.py');
    await untilInterrupted(
      async () => {
        const received = save
          ? await consumer.pollAndWrite(outdir, timeout, overwrite)
          : await consumer.poll(timeout);
        if (display)
          console.log(received === null ? `No alerts the last ${timeout} seconds` : shown(received));
        return true;
      },
      () => consumer.close(),
    );
  },
});

const shown = ({ alert, topic }: ReceivedAlert<unknown>): string =>
  `${FINK_RULE}\n${ctime(new Date())}|${finkLine(alert, topic)}`;

async function demandFolder(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`-outdir '${path}' must exist, and be yours to write to`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}
