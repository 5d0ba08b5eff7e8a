import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { createDisplay } from '../demo/display.js';
import { DemoPage } from '../demo/demo-page.js';
import { embeddedRun, type DemoSummary } from '../demo/embedded-run.js';
import { filesScenario } from '../demo/files-scenario.js';
import type { Scenario } from '../demo/scenario.js';
import { syntheticScenario } from '../demo/synthetic-scenario.js';

const DEFAULT_OBJECTS = 1000;
const DEFAULT_SEED = 1;
/** More would take minutes: this is a demo. */
const MOST_OBJECTS = 100_000;
const INTERRUPTED = 130;

/** `apf demo`: alerts on an embedded broker, and a step that looks for supernovae among them. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .option('alerts', {
        type: 'string',
        requiresArg: true,
        describe: 'Play the alerts of a folder, a file or an archive in place of the synthetic sky',
      })
      .option('objects', {
        type: 'number',
        requiresArg: true,
        describe: `Objects in the synthetic sky; ${DEFAULT_OBJECTS}`,
      })
      .option('seed', {
        type: 'number',
        requiresArg: true,
        describe: `Another sky for each seed; ${DEFAULT_SEED}`,
      })
      .option('open', {
        type: 'boolean',
        default: false,
        describe: 'Show it on a page too, in your browser; it stays until Ctrl-C',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One line of JSON for each result' })
      .conflicts('alerts', ['objects', 'seed']),
  async ({ alerts, objects = DEFAULT_OBJECTS, seed = DEFAULT_SEED, open, json }) => {
    checkWhole('objects', objects, 1, MOST_OBJECTS);
    checkWhole('seed', seed, 0, 2 ** 32 - 1);
    if (alerts === '') throw new UsageError('--alerts is empty: name a folder, a file or an archive');
    const display = createDisplay(json);
    const interrupt = new AbortController();
    const onSignal = (): void => interrupt.abort();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    const deadLetters = await mkdtemp(join(tmpdir(), 'apf-demo-dead-letters-'));
    const now = new Date();
    const tell = (scenario: Scenario, summary: DemoSummary): void => {
      display.close();
      const conclusion = scenario.conclusion();
      if (conclusion) display.note(conclusion.text);
      display.result(textOf(summary), { ...recordOf(summary), ...conclusion?.record });
    };
    try {
      const scenario =
        alerts === undefined
          ? syntheticScenario({ objects, seed }, now, display)
          : await filesScenario(alerts, display);
      const place = { deadLetters, display, signal: interrupt.signal };
      if (open) {
        const night = alerts === undefined ? { objects, seed, now } : undefined;
        const page = new DemoPage({ ...place, night, onSummary: (summary) => tell(scenario, summary) });
        await embeddedRun(scenario, { ...place, beside: page });
      } else tell(scenario, await embeddedRun(scenario, place));
    } finally {
      display.close();
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      const kept = await readdir(deadLetters);
      if (kept.length === 0) await rm(deadLetters, { recursive: true });
      else display.note(`Dead letters are in ${deadLetters}`);
    }
    if (interrupt.signal.aborted) process.exitCode = INTERRUPTED;
  },
);

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function recordOf({ topic, stats, notPlayed, rate }: DemoSummary): object {
  const { read, decoded, executed, produced, deadLetters } = stats;
  return {
    event: 'summary',
    topic,
    ...{ read: read + notPlayed, decoded, executed, produced, deadLetters: deadLetters + notPlayed },
    alertsPerSecond: rate === null ? null : Math.round(rate),
  };
}

function textOf({ stats, notPlayed, rate }: DemoSummary): string {
  const parts = [
    `${stats.read + notPlayed} messages read`,
    `${stats.decoded} alerts decoded`,
    `${stats.executed} executed`,
    `${stats.produced} produced`,
    `${stats.deadLetters + notPlayed} dead letters`,
    ...(rate === null ? [] : [`${Math.round(rate)} alerts/s`]),
  ];
  return parts.join(', ');
}
