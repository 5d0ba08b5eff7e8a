import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { supervise } from '@apf/connectors';
import { toError, UsageError } from '@apf/core';
import { saidFigures, figuresOf } from '../../distribute/distribution-report.js';
import { distributionPlan } from '../../distribute/distribution-plan.js';
import { runDistribution } from '../../distribute/run-distribution.js';
import { within } from '../../distribute/within.js';
import { printTable } from '../../print-table.js';
import { defineDocumented } from '../documented.js';
import { type DistributionConf, distributionConf } from '../fink-kafka/distribution-conf.js';
import { DocumentedMistake } from '../parse-documented.js';
import { type ConfOptions, confOptions } from './conf-options.js';
import { testDistribution } from './distribution-test.js';
import { registerService, runningServices, type Service, SERVICES, stopService } from './services.js';

const HELP = `Distribute alerts by Kafka, and look at what is distributed

 Usage:
 	to start: fink start <service> [-h] [-c <conf>] [--exit_after <seconds>]
 	to stop : fink stop  <service> [-h]

 To get this help:
 	fink

 Available services are: distribution, distribution_test
 Typical configuration would be \${FINK_HOME}/conf/fink.conf.distribution
 The alerts are those of the database that it names: DISTRIBUTION_DATABASE=postgres://host/alerts

 To see the running processes:
 	fink show

 To initialise paths and folders:
 	fink init [-c <conf>]

 To get the version of Fink:
 	fink --version`;

/** Seconds for finishing what is in hand after a signal. */
const PATIENCE = 30;
const TYPICAL = 'Typical configuration would be ${FINK_HOME}/conf/fink.conf.distribution';
/** Other names by which Fink's versions call the same. */
const ALSO: Readonly<Record<string, Service>> = { distribute: 'distribution' };

/** `fink`: Fink's services, as far as they are about distribution. */
export const command = defineDocumented({
  help: HELP,
  positionals: { action: { kind: 'text', optional: true }, service: { kind: 'text', optional: true } },
  options: {
    conf: { names: ['-c'], kind: 'text' },
    exitAfter: { names: ['--exit_after'], kind: 'number' },
    simulator: { names: ['--simulator'], kind: 'flag' },
    version: { names: ['--version'], kind: 'flag' },
  },
  mistake: (kind, what) => {
    const text = {
      'unknown-option': `unknown option: ${what}`,
      'unknown-argument': `unknown argument: ${what}`,
      'no-value': `${what} requires an argument.${what.endsWith('c') ? ` ${TYPICAL}` : ''}`,
      'not-a-number': `${what} is no number`,
      missing: `${what} is missing`,
    }[kind];
    return { text, exitCode: 1 };
  },
  run: async ({ action, service, conf, exitAfter, version }) => {
    if (version) return console.log(ownVersion());
    if (action === undefined) return console.log(HELP);
    if (action === 'show') return show();
    if (action === 'init') return init(conf);
    if (action !== 'start' && action !== 'stop') throw mistake(`unknown argument: ${action}`);
    if (service === undefined) throw mistake(`${action} requires an argument. ${available()}`);
    if (action === 'stop') return stop(service);
    await start(serviceOf(service), conf, exitAfter);
  },
});

const available = (): string => `Available services are: ${SERVICES.join(', ')}`;
const mistake = (text: string): DocumentedMistake => new DocumentedMistake({ text, exitCode: 1 });

function serviceOf(name: string): Service {
  const service = SERVICES.find((each) => each === name) ?? ALSO[name];
  if (service) return service;
  throw mistake(`unknown service: ${name}\n${available()}`);
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const say = (line: string): void => console.error(`fink: ${line}`);

async function start(
  service: Service,
  named: string | undefined,
  exitAfter: number | undefined,
): Promise<void> {
  if (exitAfter !== undefined && !(exitAfter > 0)) throw new UsageError('--exit_after must be above 0');
  const conf = distributionConf(named);
  console.log(
    named === undefined
      ? `Reading default Fink conf from  ${conf.path ?? "Fink's defaults: no conf was named, and FINK_HOME has none"}`
      : `Reading custom Fink configuration file from  ${named}`,
  );
  const options = await confOptions(conf);
  const work =
    service === 'distribution'
      ? await distribution(conf, options, exitAfter)
      : tester(conf, options, exitAfter);
  const ended = registerService(service, conf.path ?? '');
  let failure: Error | undefined;
  try {
    const code = await supervise(
      (signal) =>
        work(signal).then(
          () => 0,
          (thrown: unknown) => {
            failure = toError(thrown);
            return 1;
          },
        ),
      { patience: PATIENCE, say },
    );
    if (failure) throw failure;
    process.exitCode = code;
  } finally {
    ended();
  }
}

type Work = (signal: AbortSignal) => Promise<void>;

async function distribution(
  { path }: DistributionConf,
  { params, ...conf }: ConfOptions,
  exitAfter: number | undefined,
): Promise<Work> {
  const noDatabase = `no database is named: write DISTRIBUTION_DATABASE=…, such as postgres://host/alerts or alerts.sqlite, into ${
    path ?? 'a conf, and name it with -c'
  }`;
  const plan = await distributionPlan(
    { ...conf, exitAfter, deadLetters: join(dirname(conf.checkpoint ?? ''), 'dead-letters') },
    { to: params, from: params, noDatabase },
  );
  return async (signal) => {
    const { summary, counts } = await runDistribution(plan, signal, say);
    say(saidFigures(figuresOf(summary.stats, counts), 'distributed'));
  };
}

function tester(conf: DistributionConf, options: ConfOptions, exitAfter: number | undefined): Work {
  return (signal) => within(exitAfter, signal, (stop) => testDistribution(conf, options, stop));
}

async function stop(name: string): Promise<void> {
  const wanted = name === 'all' ? SERVICES : [serviceOf(name)];
  const running = (await runningServices()).filter(({ service }) => wanted.includes(service));
  for (const each of running) {
    await stopService(each);
    console.log(`${each.service} is stopped (process ${each.pid})`);
  }
  if (running.length === 0) console.log(`no service ${name} is running`);
}

async function show(): Promise<void> {
  const running = await runningServices();
  console.log(`${running.length} Fink service(s) running: `);
  if (running.length > 0) {
    printTable(
      ['service', 'process', 'started', 'conf'],
      running.map(({ service, pid, started, conf }) => [service, pid, started, conf]),
    );
  }
  console.log('Use <fink stop service_name> to stop a service.');
}

/** Makes the folders in which the service writes. */
async function init(named: string | undefined): Promise<void> {
  const { schemaOut = '.', checkpoint = '.' } = await confOptions(distributionConf(named));
  for (const folder of new Set([dirname(schemaOut), dirname(checkpoint)])) {
    mkdirSync(folder, { recursive: true });
    console.log(`${folder} is there`);
  }
}
