import { UsageError } from '@apf/core';
import { connection } from '../connection/connection.js';
import { createDisplay } from '../demo/display.js';
import { readFinkConf, type FinkConf } from './fink-conf.js';
import { INTERRUPTED, Interruption } from './interruption.js';
import { runSimulation } from './run-simulation.js';
import { findConf } from './sample-confs.js';
import { settingsOf } from './settings-of.js';
import { simulatedBroker, type SimulatedBroker } from './simulated-broker.js';
import type { SimulateOptions } from './simulate-options.js';

/** Runs a simulation as a command line describes it; sets the exit code. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const { json = false } = options;
  const conf = confOf(options);
  const settings = settingsOf(options, conf);
  if (options.embedded && options.servers !== undefined)
    throw new UsageError('name a broker with --servers, or bring one up with --embedded, not both');
  const params = options.embedded || options.dryRun ? undefined : await paramsOf(options, conf);
  const display = createDisplay(json);
  const interruption = new Interruption();
  const say = (line: string): void => display.note(line);
  const connect = async (): Promise<SimulatedBroker> => {
    const { topic, partitions } = settings;
    const broker = await simulatedBroker({ params, topic, partitions, say });
    if (broker.embedded)
      say(`apf: the embedded broker runs at ${broker.servers}: for trying only, it keeps the last 5 MB`);
    return broker;
  };
  try {
    const summary = await runSimulation(settings, {
      display,
      interruption,
      connect: options.dryRun ? undefined : connect,
    });
    if (summary?.interrupted) process.exitCode = INTERRUPTED;
    else if (summary && summary.refused + summary.unconfirmed > 0) process.exitCode = 1;
  } finally {
    display.close();
    interruption.close();
  }
}

function confOf({ conf: path, defaultConf, json }: SimulateOptions): FinkConf {
  if (path === undefined) return {};
  const found = findConf(path, process.env);
  const conf = readFinkConf(found, process.env);
  // Two blanks, as Fink's simulator has them.
  if (!json)
    console.log(`Reading ${defaultConf ? 'default conf' : 'custom configuration file'} from  ${found}`);
  return conf;
}

async function paramsOf(
  options: SimulateOptions,
  conf: FinkConf,
): Promise<Readonly<Record<string, unknown>>> {
  const servers = options.servers ?? (options.profile === undefined ? conf.servers : undefined);
  const named =
    servers !== undefined || options.profile !== undefined || process.env.APF_SERVERS !== undefined;
  try {
    return (await connection({ ...options, servers })).params;
  } catch (error) {
    if (named || !(error instanceof UsageError) || !error.message.startsWith('no broker')) throw error;
    throw new UsageError(`${error.message}, or bring one up with --embedded`, { cause: error });
  }
}
