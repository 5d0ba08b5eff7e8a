import { SURVEYS } from '@apf/alerts';
import type { Argv } from 'yargs';
import { withConnection, type ConnectionOptions } from '../connection/connection-options.js';
import { SENT_FRAMINGS, type SentFraming } from './message-maker.js';

/** The command line of `apf simulate`, before defaults and a configuration file are looked at. */
export interface SimulateOptions extends ConnectionOptions {
  /** `conf` is the one that is read where none is named. */
  readonly defaultConf?: true;
  readonly paths?: readonly string[] | undefined;
  readonly conf?: string | undefined;
  readonly sampleConf?: 'ztf' | 'elasticc' | undefined;
  readonly topic?: string | undefined;
  readonly partitions?: number | undefined;
  readonly embedded?: boolean | undefined;
  readonly nalertsPerObs?: number | undefined;
  readonly nobservations?: number | undefined;
  readonly interval?: number | undefined;
  readonly rate?: number | undefined;
  readonly loop?: boolean | undefined;
  readonly visits?: boolean | undefined;
  readonly visitAlerts?: number | undefined;
  readonly bursts?: boolean | undefined;
  readonly window?: number | undefined;
  readonly now?: boolean | undefined;
  readonly nowField?: string | undefined;
  readonly displayField?: string | undefined;
  readonly externalSchema?: string | undefined;
  readonly framing?: SentFraming | undefined;
  readonly schemaId?: number | undefined;
  readonly order?: 'time' | 'file' | undefined;
  readonly timeField?: string | undefined;
  readonly synthetic?: boolean | undefined;
  readonly survey?: (typeof SURVEYS)[number] | undefined;
  readonly surveyVersion?: string | undefined;
  readonly objects?: number | undefined;
  readonly nights?: number | undefined;
  readonly seed?: number | undefined;
  readonly bad?: string | undefined;
  readonly spool?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const PACE = 'The pace:';
const MESSAGES = 'The messages:';
const SKY = 'A synthetic sky:';
const FILES = 'The files:';

const text = (group: string, describe: string) =>
  ({ group, type: 'string', requiresArg: true, describe }) as const;
const number = (group: string, describe: string) =>
  ({ group, type: 'number', requiresArg: true, describe }) as const;
const flag = (group: string, describe: string) =>
  ({ group, type: 'boolean', default: false, describe }) as const;

export function withSimulateOptions(yargs: Argv): Argv<SimulateOptions> {
  return withConnection(
    yargs
      .positional('paths', {
        type: 'string',
        array: true,
        describe:
          'Folders (with their subfolders), globs, *.avro, *.avro.gz, *.tar, *.tar.gz: all alerts of each; none: a synthetic sky',
      })
      .options({
        topic: { type: 'string', requiresArg: true, describe: 'Where alerts go; made where there is none' },
        partitions: number(MESSAGES, 'Partitions of a topic that is made; 1'),
        embedded: {
          type: 'boolean',
          default: false,
          describe: 'Bring up a broker in this process, for trying',
        },
        conf: {
          type: 'string',
          alias: 'c',
          requiresArg: true,
          describe: "A configuration file of Fink's simulator; options go over it",
        },
        'sample-conf': {
          choices: ['ztf', 'elasticc'] as const,
          describe: 'Print such a file, to begin with',
        },
        'dry-run': {
          type: 'boolean',
          default: false,
          describe: 'Read the alerts, say what would be sent, send nothing',
        },
        json: { type: 'boolean', default: false, describe: 'One line of JSON for each event' },
        'nalerts-per-obs': number(PACE, 'Alerts of an observation; 100'),
        nobservations: number(PACE, 'Observations; -1, which is the default: until all alerts are sent'),
        interval: number(
          PACE,
          'Seconds between observations (1) or visits (39), on the grid of the clock; 0: do not wait',
        ),
        rate: number(
          PACE,
          'At most so many alerts per second, evenly spaced; then the default interval is 0',
        ),
        loop: flag(PACE, 'Begin again after the last alert, until Ctrl-C'),
        visits: flag(PACE, 'Each file is a visit and is sent as a burst, in its own order'),
        'visit-alerts': number(PACE, 'At most so many alerts of a visit; 10000'),
        bursts: flag(
          PACE,
          'Spread the alerts of a visit over a window, those of a detector at once, as DMTN-149 has them arrive',
        ),
        window: number(PACE, 'As --bursts, over so many seconds; 3'),
        now: flag(
          PACE,
          'Move all dates of an alert (its history too) so that it is observed when it is sent',
        ),
        'now-field': text(PACE, 'As --now, for the date at this dotted path only'),
        framing: {
          group: MESSAGES,
          choices: SENT_FRAMINGS,
          describe: 'How alerts stand in messages; container, for visits confluent, with a conf schemaless',
        },
        'schema-id': number(
          MESSAGES,
          "confluent: the schema's id; for Rubin's schemas from their version, else 1",
        ),
        'display-field': text(
          MESSAGES,
          'The field that is printed to follow the stream: diaSource,midPointTai',
        ),
        order: {
          group: MESSAGES,
          choices: ['time', 'file'] as const,
          describe: 'Earliest first over all files, or as they come; time',
        },
        'time-field': text(MESSAGES, "The dotted path of the time that orders alerts which are no survey's"),
        'external-schema': text(
          FILES,
          'The schema of files that have none: a file, or a folder with its parts',
        ),
        bad: text(FILES, 'Move files and archives that cannot be read to this folder'),
        spool: text(FILES, "A folder for what does not fit into memory; the system's temporary one"),
        synthetic: flag(SKY, 'Send alerts that never were; so also where no path is given'),
        survey: { group: SKY, choices: SURVEYS, describe: 'Whose alerts; ztf, for visits lsst' },
        'survey-version': text(SKY, "The version of the survey's schema"),
        objects: number(SKY, 'Objects in the sky; 1000'),
        nights: number(SKY, 'Nights, up to the last one; 1'),
        seed: number(SKY, 'Another sky for each seed; 1'),
      }),
  );
}
