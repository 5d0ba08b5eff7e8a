import type { CommandEntry } from './command.js';
import { DB_COMMANDS } from './commands/db/db-commands.js';
import { DEAD_COMMANDS } from './commands/dead/dead-commands.js';
import { FILTERS_COMMANDS } from './commands/filters/filters-commands.js';
import { KAFKA_COMMANDS } from './commands/kafka/kafka-commands.js';

const STEP = 'A step of your own';
const STREAMS = 'Streams of alerts';
const ALERTS = 'Alerts and their schemas';

/** Every command of `apf`, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'demo',
    group: 'A first look',
    description: 'play alerts to a broker of its own and find supernovae among them',
    load: () => import('./commands/demo.js'),
  },
  {
    usage: 'new-step <name>',
    group: STEP,
    description: 'make a project: settings, step, test, Dockerfile',
    load: () => import('./commands/new-step.js'),
  },
  {
    usage: 'run [folder]',
    group: STEP,
    description: 'run the step of a folder, again after each change',
    load: () => import('./commands/run.js'),
  },
  {
    usage: 'doctor [folder]',
    group: STEP,
    description: 'say what is wrong with a step: settings, broker, topics, group, messages, database',
    load: () => import('./commands/doctor.js'),
  },
  {
    usage: 'dead',
    group: STEP,
    description: 'look at the dead letters of a step, send them again, give them up',
    commands: DEAD_COMMANDS,
  },
  {
    usage: 'simulate [paths..]',
    group: STREAMS,
    description: 'send alerts from files, or synthetic ones, at the pace of a survey',
    load: () => import('./commands/simulate.js'),
  },
  {
    usage: 'gather [paths..]',
    group: STREAMS,
    description: 'unpack archives of alerts into one folder, and count the alerts',
    load: () => import('./commands/gather.js'),
  },
  {
    usage: 'login [name]',
    group: STREAMS,
    description: 'keep how to reach a broker, for its owner alone',
    load: () => import('./commands/login.js'),
  },
  {
    usage: 'consume',
    group: STREAMS,
    description: 'read a stream: show, filter, save',
    load: () => import('./commands/consume.js'),
  },
  {
    usage: 'monitor',
    group: STREAMS,
    description: 'watch topics, groups, lag, rate and latency',
    load: () => import('./commands/monitor.js'),
  },
  {
    usage: 'filter',
    group: STREAMS,
    description: 'forward the alerts that pass filters to topics of their own',
    load: () => import('./commands/filter.js'),
  },
  {
    usage: 'filters',
    group: STREAMS,
    description: 'list the filters that there are, run the tests of your own',
    commands: FILTERS_COMMANDS,
  },
  {
    usage: 'new-filter [name]',
    group: STREAMS,
    description: 'make a filter of your own, and its test',
    load: () => import('./commands/new-filter.js'),
  },
  {
    usage: 'dashboard',
    group: STREAMS,
    description: 'serve a page: topics, lag, alerts, dead letters, the sky',
    load: () => import('./commands/dashboard.js'),
  },
  {
    usage: 'distribute',
    group: STREAMS,
    description: 'send new alerts of a database, or of a stream, on to topics of their own',
    load: () => import('./commands/distribute.js'),
  },
  {
    usage: 'crossmatch <catalogue>',
    group: STREAMS,
    description: 'add to alerts what a catalogue knows of the nearest source, from topics to a topic',
    load: () => import('./commands/crossmatch.js'),
  },
  {
    usage: 'schemas <action> [what]',
    group: ALERTS,
    description: 'fetch published schemas, list and show those that are kept',
    load: () => import('./commands/schemas.js'),
  },
  {
    usage: 'inspect <files..>',
    group: ALERTS,
    description: 'say what alert files hold, as JSON lines',
    load: () => import('./commands/inspect.js'),
  },
  {
    usage: 'plot <alert>',
    group: ALERTS,
    description: "show an alert's cutouts and light curve, in the terminal or as a picture",
    load: () => import('./commands/plot.js'),
  },
  {
    usage: 'lightcurve <object>',
    group: ALERTS,
    description: "write an object's light curve as CSV, ECSV, VOTable or Parquet",
    load: () => import('./commands/lightcurve.js'),
  },
  {
    usage: 'types [schema]',
    group: ALERTS,
    description: 'write TypeScript types from an Avro schema',
    load: () => import('./commands/types.js'),
  },
  {
    usage: 'db',
    group: 'A database',
    description: 'make and change tables; look at objects in a light-curve database',
    commands: DB_COMMANDS,
  },
  {
    usage: 'kafka',
    group: 'Kafka',
    description: 'run a Kafka of your own; administer topics, users, permissions and groups of any',
    commands: KAFKA_COMMANDS,
  },
];
