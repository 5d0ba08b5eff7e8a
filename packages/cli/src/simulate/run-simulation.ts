import { play } from '@apf/alerts';
import { Spool } from '@apf/connectors';
import { systemClock, toError } from '@apf/core';
import type { Display } from '../demo/display.js';
import { AlertSet } from './alert-set.js';
import { announce } from './announce.js';
import { BadFiles } from './bad-files.js';
import { foretell } from './foretell.js';
import type { Interruption } from './interruption.js';
import { ObservationReport, VisitReport } from './report.js';
import type { SetBurst } from './set-burst.js';
import type { SimulationSettings } from './settings.js';
import { SentSchemas } from './sent-schemas.js';
import { pythonTime } from './shown-field.js';
import type { SimulatedBroker } from './simulated-broker.js';
import { Supply } from './supply.js';
import { Transmission } from './transmission.js';

export interface SimulationSurroundings {
  readonly display: Display;
  readonly interruption: Interruption;
  /** Connects to where alerts go; undefined for a run that only says what it would send. */
  readonly connect: (() => Promise<SimulatedBroker>) | undefined;
}

/** How a simulation ended. */
export interface SimulationSummary {
  /** Alerts that the broker has confirmed. */
  readonly delivered: number;
  /** Alerts that it will never take. */
  readonly refused: number;
  /** Alerts that were sent, and of which nothing is known. */
  readonly unconfirmed: number;
  /** Files that could not be read. */
  readonly bad: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Sends alerts as the settings say, until all are sent or the run is interrupted; without a broker only says what it would send. */
export async function runSimulation(
  settings: SimulationSettings,
  surroundings: SimulationSurroundings,
): Promise<SimulationSummary | undefined> {
  const { display } = surroundings;
  const set = new AlertSet(new Spool({ folder: settings.spool }));
  const bad = new BadFiles(display, settings.bad, settings.json);
  let broker: SimulatedBroker | undefined;
  try {
    const schemas = new SentSchemas((line) => display.note(line));
    const supply = await Supply.of(settings, set, bad, (id, schema) => schemas.add(id, schema));
    broker = await surroundings.connect?.();
    if (broker) schemas.keepFor(broker.servers);
    if (broker) return await send(settings, supply, broker, surroundings);
    await foretell(settings, supply, surroundings);
    return undefined;
  } finally {
    await broker?.close();
    await set.close();
  }
}

async function send(
  settings: SimulationSettings,
  supply: Supply,
  broker: SimulatedBroker,
  { display, interruption }: SimulationSurroundings,
): Promise<SimulationSummary> {
  const { interval, rate, window, visits } = settings;
  const { signal, outOfTime } = interruption;
  const transmission = new Transmission(broker.sink, outOfTime, (line) => display.note(line));
  let total: number | undefined;
  let bursts: Iterable<SetBurst> | AsyncIterable<SetBurst> = [];
  if (visits) bursts = supply.visits();
  else {
    await supply.gather(signal);
    if (!signal.aborted) {
      const plan = announce(settings, supply, display);
      total = plan.total;
      bursts = supply.observations(plan);
    }
  }
  const t0 = systemClock.now();
  if (!visits) display.result(`t0: ${pythonTime(t0)}`, { event: 't0', t0: t0 / 1000 });
  const reportOptions = {
    ...{ display, t0, total, interval, window },
    bar: process.stdout.isTTY && !settings.json,
    refused: () => transmission.refused,
  };
  const events = visits ? new VisitReport(reportOptions) : new ObservationReport(reportOptions);
  const pace = { interval, rate, window };
  let failure: Error | undefined;
  try {
    await play({ ...pace, bursts, transmitter: transmission, events, clock: systemClock, signal });
    if (transmission.sent === 0 && !signal.aborted) throw supply.nothing();
  } catch (error) {
    failure = toError(error);
  }
  display.close();
  const summary = {
    delivered: transmission.delivered,
    refused: transmission.refused,
    unconfirmed: transmission.unconfirmed,
    bad: supply.bad.count,
    seconds: (systemClock.now() - t0) / 1000,
    interrupted: signal.aborted,
  };
  conclude(settings, broker, summary, display);
  // What could not be confirmed after an interruption has been said.
  if (failure && !signal.aborted) throw failure;
  if (broker.embedded && !signal.aborted) {
    display.note('apf: the embedded broker goes on until Ctrl-C');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
  return summary;
}

function conclude(
  { json, topic }: SimulationSettings,
  { servers }: SimulatedBroker,
  summary: SimulationSummary,
  display: Display,
): void {
  const { delivered, refused, unconfirmed, bad, seconds, interrupted } = summary;
  const parts = [
    `${interrupted ? 'interrupted: ' : ''}${delivered} alerts delivered to '${topic}' at ${servers} in ${seconds.toFixed(1)} s`,
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(unconfirmed > 0 ? [`${unconfirmed} sent but not confirmed`] : []),
    ...(bad > 0 ? [`${bad} bad ${bad === 1 ? 'file' : 'files'}`] : []),
  ];
  if (json) display.result('', { event: 'summary', topic, ...summary });
  else display.note(`apf: ${parts.join(', ')}`);
}
