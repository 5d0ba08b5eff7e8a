import { hostname, userInfo } from 'node:os';
import { parseNight, parseTime, type SurveyName, SURVEYS } from '@apf/alerts';
import { FixedTopics, UsageError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import type { StreamOptions } from './stream-options.js';

/** What a command line comes to, before any broker is asked. Times are in ms since 1970. */
export interface StreamPlan {
  readonly topics: readonly string[];
  /** Undefined: nothing is joined and nothing committed. */
  readonly group: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** Whether these are the alerts' own times, and not the broker's. */
  readonly byObservation: boolean;
  readonly tail: number | undefined;
  readonly from: 'earliest' | 'latest';
  readonly untilEnd: boolean;
  readonly survey: SurveyName | undefined;
}

/** What {@link streamPlan} reads of a command's options. */
type PlanOptions = StreamOptions & {
  readonly time?: 'broker' | 'observation' | undefined;
};

/**
 * @param purpose of a service: it goes into the group's name where none is given, so that each reads all of the stream.
 * @throws UsageError for what is missing, or does not go together
 */
export function streamPlan(
  options: PlanOptions,
  { profile, name }: Connection,
  now: number,
  purpose?: string,
): StreamPlan {
  const topics = topicsOf(options, profile.topics);
  const survey = options.survey ?? SURVEYS.find((known) => known === profile.survey);
  checkWhole({ tail: options.tail });
  checkAboveZero({ timeout: options.timeout });
  const { timed, ends, ...range } = rangeOf(options, survey, now);
  // Where a new group begins does not make a service read without one.
  const part = timed || range.tail !== undefined || (purpose === undefined && options.from !== undefined);
  // yargs makes `--no-group` a group of false, and of several groups a list.
  const named: unknown = options.group;
  if (Array.isArray(named)) throw new UsageError('--group is given twice, or with --no-group');
  if (named === '') throw new UsageError('--group needs a name');
  const alone = named === false || (part && named === undefined);
  const group = alone
    ? undefined
    : (options.group ?? defaultGroup(profile.group, profile.groupPrefix, [name, purpose]));
  return {
    topics,
    group,
    ...range,
    from: options.from ?? 'earliest',
    untilEnd: options.untilEos ?? ends,
    survey,
  };
}

function topicsOf(options: PlanOptions, kept: readonly string[] | undefined): readonly string[] {
  const given = list(options.topics) ?? kept;
  if (!given || given.length === 0) throw new UsageError('no topic is named: give --topics');
  return new FixedTopics(given, '--topics').topics();
}

/** Several values, or one with commas; not those inside an expression's brackets. */
export function list(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(/,(?![^{]*\}|[^[]*\]|[^(]*\))/)).map((value) => value.trim());
}

/** @throws UsageError */
export function checkWhole(options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new UsageError(`--${option} must be a whole number of 1 or more`);
  }
}

/** @throws UsageError */
export function checkAboveZero(options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new UsageError(`--${option} must be a number above 0`);
  }
}

interface Range {
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly byObservation: boolean;
  readonly tail: number | undefined;
  /** Whether a part of the stream was asked for by its time. */
  readonly timed: boolean;
  /** Whether it ends by itself. */
  readonly ends: boolean;
}

function rangeOf(options: PlanOptions, survey: SurveyName | undefined, now: number): Range {
  const { since, until, night, tail, from } = options;
  const byObservation = options.time === 'observation';
  const named = Object.entries({ since, night, tail, from }).filter(([, value]) => value !== undefined);
  if (named.length > 1)
    throw new UsageError(
      `${named.map(([name]) => `--${name}`).join(' and ')} exclude each other: each says where to begin`,
    );
  if (night !== undefined && until !== undefined)
    throw new UsageError('--night and --until exclude each other');
  const timed = [since, until, night].some((value) => value !== undefined);
  if (byObservation && !timed) throw new UsageError('--time observation needs --since, --until or --night');
  const parse = (text: string | undefined, option: string): number | undefined =>
    text === undefined
      ? undefined
      : parseTime(text, option, { now, mjdScale: byObservation ? 'tai' : 'utc' });
  const times =
    night === undefined
      ? { since: parse(since, '--since'), until: parse(until, '--until') }
      : parseNight(night, survey);
  if (times.since !== undefined && times.until !== undefined && times.since >= times.until)
    throw new UsageError('--since is not before --until');
  return {
    ...times,
    byObservation,
    tail,
    timed,
    ends: tail !== undefined || times.until !== undefined,
  };
}

/** The same each time, so that the next run goes on where this one has ended. */
function defaultGroup(
  kept: string | undefined,
  prefix: string | undefined,
  suffixes: readonly (string | undefined)[],
): string {
  if (kept !== undefined) return kept;
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    user = String(process.getuid?.() ?? 'apf');
  }
  return [`${prefix ?? ''}${user}@${hostname()}`, ...suffixes.filter((one) => one !== undefined)].join('-');
}
