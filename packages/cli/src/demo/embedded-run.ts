import { buildRun, KafkaSink, startEmbeddedBroker } from '@apf/connectors';
import {
  currentTopic,
  DailyTopicStrategy,
  FatalError,
  silent,
  systemClock,
  type Logger,
  type RunStats,
  type Settings,
} from '@apf/core';
import type { Display } from './display.js';
import { play, type Played } from './play.js';
import type { Scenario } from './scenario.js';

/**
 * The largest message that is played. librdkafka's broker holds 5 MB a partition, and where a message and the one
 * before it are more than that together it loses both.
 */
const MESSAGE_BYTES = 2_400_000;
/** How often the counts are looked at, in ms. */
const LOOK = 20;
/** A demo that does not come on for so long never will, in ms: the embedded broker must have lost something. */
const STALLED = 30_000;

const GROUP = 'demo';

export interface DemoSummary {
  /** The daily topic. */
  readonly topic: string;
  readonly stats: RunStats;
  /** Messages that never came to the broker: unreadable files, and what it refused. */
  readonly notPlayed: number;
  /** Alerts executed per second, from the first to the last; null if there was none. */
  readonly rate: number | null;
}

/** What is shown beside a demo, which stays up for it. */
export interface DemoBeside {
  /** The broker is there, with the first messages. */
  open(servers: string, topic: string, group: string): Promise<void>;
  /** All is done: resolves when nobody looks any more. */
  stay(summary: DemoSummary): Promise<void>;
  close(): Promise<void>;
}

export interface DemoPlace {
  /** A folder for dead letters. */
  readonly deadLetters: string;
  readonly display: Display;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
  readonly beside?: DemoBeside | undefined;
}

/** Starts the embedded broker, plays the scenario's messages to it and runs its step on them until all are committed. */
export async function embeddedRun(scenario: Scenario, place: DemoPlace): Promise<DemoSummary> {
  const { display, signal } = place;
  const broker = await startEmbeddedBroker();
  display.note(
    `The embedded broker runs at ${broker.bootstrapServers}: for trying only, it keeps the last 5 MB.`,
  );
  const stop = new AbortController();
  const end = (): void => stop.abort();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  const settings = settingsOf(scenario, broker.bootstrapServers, place.deadLetters);
  const { topics, sink } = player(scenario, broker.bootstrapServers);
  const topic = currentTopic(topics, new Date());
  try {
    await sink.open();
    const { runner } = await buildRun(settings, scenario.StepClass, {
      env: {},
      name: 'demo',
      logger: tell(display),
    });
    const { stats } = runner;
    const played: Played = { messages: 0, bytes: 0, refused: [] };
    let allPlayed = false;
    const playing = play(scenario.messages(), sink, stats, played, stop.signal).finally(
      () => (allPlayed = true),
    );
    playing.catch(end);
    // The first messages make the topic. A group that joins before there is one would have to join again.
    while (played.messages === 0 && !allPlayed) await systemClock.sleep(LOOK);
    let rate: number | null = null;
    if (played.messages > 0) {
      await place.beside?.open(broker.bootstrapServers, topic, GROUP);
      display.note(`Playing to ${topic}; the step joins its group, which takes three seconds.`);
      const running = runner.run(stop.signal).finally(end);
      running.catch(() => undefined);
      const watched = new Stopwatch();
      while (!stop.signal.aborted && !(allPlayed && stats.committed >= played.messages)) {
        await systemClock.sleep(LOOK, stop.signal);
        watched.look(stats.executed);
        if (watched.idle > STALLED) break;
        display.progress(stats.read, Math.max(scenario.total, stats.read));
      }
      end();
      await running;
      if (watched.idle > STALLED) throw stalled(played, stats);
      rate = watched.rate;
    }
    // What was on its way when a person ended the demo is no error.
    await playing.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    for (const { outgoing, error } of played.refused) {
      display.note(`not played: ${outgoing.origin.topic}: ${error.message}`);
    }
    const summary = { topic, stats, notPlayed: scenario.unreadable + played.refused.length, rate };
    if (!signal.aborted) await place.beside?.stay(summary);
    return summary;
  } finally {
    signal.removeEventListener('abort', end);
    await place.beside?.close();
    await sink.close();
    await broker.close();
  }
}

/** settings.ts as a person would write it. */
function settingsOf(scenario: Scenario, servers: string, deadLetters: string): Settings {
  return {
    CONSUMER_CONFIG: {
      CLASS: 'KafkaConsumer',
      PARAMS: {
        'bootstrap.servers': servers,
        'group.id': GROUP,
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6000,
      },
      TOPIC_STRATEGY: { CLASS: 'DailyTopicStrategy', PARAMS: daily(scenario) },
      'consume.messages': 100,
      'consume.timeout': 0.1,
    },
    ...(scenario.resultTopic === null
      ? {}
      : {
          PRODUCER_CONFIG: {
            CLASS: 'KafkaJsonProducer',
            PARAMS: { 'bootstrap.servers': servers },
            TOPIC: scenario.resultTopic,
          },
        }),
    DEAD_LETTERS: { CLASS: 'FolderDeadLetters', DIRECTORY_PATH: deadLetters },
  };
}

/** Today's topic by the calendar, at any hour. */
function daily({ topicFormat }: Scenario): {
  topic_format: string[];
  change_hour: number;
  retention_days: number;
} {
  return { topic_format: [topicFormat], change_hour: 24, retention_days: 1 };
}

function player(
  scenario: Scenario,
  servers: string,
): { topics: DailyTopicStrategy; sink: KafkaSink<Buffer> } {
  const topics = new DailyTopicStrategy(daily(scenario));
  const sink = new KafkaSink<Buffer>({
    params: { 'bootstrap.servers': servers, 'message.max.bytes': MESSAGE_BYTES },
    topics,
    encode: (bytes) => bytes,
    step: 'demo',
    version: '0',
    logger: silent,
    clock: systemClock,
  });
  return { topics, sink };
}

/** What the run logs of errors is part of the demo; the rest is not. */
function tell(display: Display): Logger {
  const note = (_: object, message: string): void => display.note(message);
  return { ...silent, warn: note, error: note };
}

function stalled(played: Played, stats: RunStats): FatalError {
  return new FatalError(
    `nothing has moved for ${STALLED / 1000} s: ${played.messages} messages were played, ${stats.read} came: run the demo again`,
    { code: 'APF_BROKER' },
  );
}

/** Measures how fast a count grows, by looking at it from time to time. */
class Stopwatch {
  private started: number | undefined;
  private before = performance.now();
  private ended = this.before;
  private count = 0;

  look(count: number): void {
    const now = performance.now();
    if (count > this.count) {
      this.started ??= this.before;
      this.ended = now;
      this.count = count;
    }
    this.before = now;
  }

  /** Milliseconds since the count last grew. */
  get idle(): number {
    return this.before - this.ended;
  }

  get rate(): number | null {
    return this.started === undefined ? null : (1000 * this.count) / (this.ended - this.started);
  }
}
