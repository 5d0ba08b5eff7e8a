import { adminLogin, type StreamSnapshot, StreamWatch, supervise } from '@apf/connectors';
import { systemClock, toError, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withConnection } from '../connection/connection-options.js';
import { connection } from '../connection/connection.js';
import { namePatterns } from '../consume/name-patterns.js';
import { liveScreen, plainScreen, type Screen } from '../monitor/live-screen.js';
import { monitorTable } from '../monitor/monitor-table.js';

/** Seconds for a question to the broker that is under way when the user leaves. */
const PATIENCE = 10;
/** Between the two looks that a rate needs where there is one table only, in seconds. */
const GLANCE = 1;

/** `apf monitor`: topics, groups, lag, rate and latency, again and again. */
export const command = defineCommand(
  (yargs) =>
    withConnection(
      yargs
        .option('topics', {
          type: 'string',
          array: true,
          describe: 'Names, or regular expressions that begin with ^; all that may be seen where absent',
        })
        .option('groups', { type: 'string', array: true, describe: 'As --topics' })
        .option('partitions', { type: 'boolean', default: false, describe: 'A row for each partition' })
        .option('interval', { type: 'number', default: 2, describe: 'Seconds between two looks' })
        .option('count', { type: 'number', describe: 'End after so many tables' })
        .option('once', {
          type: 'boolean',
          default: false,
          describe: 'One table, after two looks for the rates',
        })
        .option('json', { type: 'boolean', default: false, describe: 'A line of JSON for each look' }),
    )
      .example('apf monitor --servers host:9092', 'all topics and who reads them; Ctrl-C ends it')
      .example("apf monitor --profile mine --topics '^ztf_' --partitions", 'ZTF, partition by partition')
      .example('apf monitor --profile mine --once --json', 'one line for another program'),
  async ({ topics, groups, partitions, interval, count, once, json, ...options }) => {
    if (!(interval >= 0.1 && interval <= 86_400))
      throw new UsageError('--interval must be seconds, 0.1 or more');
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 1))
      throw new UsageError('--count must be a whole number of 1 or more');
    if (once && count !== undefined) throw new UsageError('give --once or --count, not both');
    const { params, servers } = await connection(options);
    const [topicNames, groupNames] = [namePatterns(topics, '--topics'), namePatterns(groups, '--groups')];
    const watch = new StreamWatch(adminLogin(params), { topics: topicNames, groups: groupNames });
    const show = json ? jsonLines() : tables(servers, { partitions, interval });
    let failure: Error | undefined;
    const code = await supervise(
      async (signal) => {
        try {
          if (once) {
            await watch.sample();
            await systemClock.sleep(GLANCE * 1_000, signal);
          }
          await look(watch, show, { interval, tables: once ? 1 : (count ?? Infinity) }, signal);
          return 0;
        } catch (thrown) {
          failure = toError(thrown);
          return 1;
        } finally {
          show.close();
          await watch.close();
        }
      },
      { patience: PATIENCE, say: (line) => console.error(`apf: ${line}`) },
    );
    if (failure) throw failure;
    process.exitCode = code;
  },
);

interface Show {
  snapshot(snapshot: StreamSnapshot): void;
  failure(error: Error): void;
  close(): void;
}

/** A broker that goes away in between is waited for; one that does not answer at the first look is an error. */
async function look(
  watch: StreamWatch,
  show: Show,
  { interval, tables }: { readonly interval: number; readonly tables: number },
  signal: AbortSignal,
): Promise<void> {
  let shown = 0;
  while (!signal.aborted && shown < tables) {
    const next = systemClock.now() + interval * 1_000;
    try {
      show.snapshot(await watch.sample());
      shown++;
    } catch (thrown) {
      if (watch.history.length === 0) throw thrown;
      show.failure(toError(thrown));
    }
    if (shown < tables) await systemClock.sleep(Math.max(0, next - systemClock.now()), signal);
  }
}

function jsonLines(): Show {
  return {
    snapshot: (snapshot) =>
      console.log(JSON.stringify({ time: new Date(snapshot.at).toISOString(), ...snapshot })),
    failure: (error) => console.error(`apf: ${error.message}`),
    close: () => undefined,
  };
}

function tables(servers: string, options: { readonly partitions: boolean; readonly interval: number }): Show {
  let screen: Screen | undefined;
  let last: StreamSnapshot | undefined;
  const draw = (note: string): void => {
    screen ??= process.stdout.isTTY ? liveScreen(process.stdout) : plainScreen();
    const { width } = screen;
    const lines = last ? monitorTable(last, { width, partitions: options.partitions }) : [];
    screen.draw([note.slice(0, width), '', ...lines]);
  };
  const when = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return {
    snapshot: (snapshot) => {
      last = snapshot;
      draw(`${servers}  ${when(snapshot.at)} UTC`);
    },
    failure: (error) =>
      draw(`${when(Date.now())} UTC  ${error.message}; trying again every ${options.interval} s`),
    close: () => screen?.close(),
  };
}
