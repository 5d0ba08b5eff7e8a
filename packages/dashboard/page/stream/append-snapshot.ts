import type { StreamHistory, StreamSnapshot } from '../../src/page-api.js';

type Series = readonly (number | null)[];

/** Ten minutes of two points a second. */
const MOST = 1200;

/** The history with one more point in each series; what is new in the snapshot has none before it. */
export function appendSnapshot(history: StreamHistory, now: StreamSnapshot, most = MOST): StreamHistory {
  const { times } = history;
  // The history that was asked for and the events that came meanwhile overlap.
  if (times.length > 0 && times[times.length - 1]! >= now.time) return history;
  const append = (series: Series, value: number | null): Series => [...series, value].slice(-most);
  const appendEach = (
    series: Readonly<Record<string, Series>>,
    values: readonly (readonly [name: string, value: number | null])[],
  ): Readonly<Record<string, Series>> => {
    const latest = new Map(values);
    const names = new Set([...Object.keys(series), ...latest.keys()]);
    const none = times.map(() => null);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        append(Object.hasOwn(series, name) ? series[name]! : none, latest.get(name) ?? null),
      ]),
    );
  };
  return {
    times: [...times, now.time].slice(-most),
    topicRate: appendEach(
      history.topicRate,
      now.topics.map(({ name, rate }) => [name, rate]),
    ),
    groupLag: appendEach(
      history.groupLag,
      now.groups.map(({ name, lag }) => [name, lag]),
    ),
    groupRate: appendEach(
      history.groupRate,
      now.groups.map(({ name, rate }) => [name, rate]),
    ),
    groupLatency: appendEach(
      history.groupLatency,
      now.groups.map(({ name, latency }) => [name, latency]),
    ),
    stepLatency: appendEach(
      history.stepLatency,
      now.steps.map(({ name, latency }) => [name, latency?.p50 ?? null]),
    ),
    deadLetters: append(history.deadLetters, now.deadLetters),
  };
}
