import { hostname, userInfo } from 'node:os';
import { parseNight, parseTime, type SurveyName, SURVEYS } from '@apf/alerts';
import { FixedTopics, UsageError } from '@apf/core';
import type { Connection } from '../connection/connection.js';
import type { Format } from './consume-choices.js';
import type { ConsumeOptions } from './consume-options.js';

/** What a command line comes to, before any broker is asked. Times are in ms since 1970. */
export interface ConsumePlan {
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
  /** What goes to standard output; undefined for nothing. */
  readonly display: Exclude<Format, 'none' | 'parquet'> | undefined;
  readonly save:
    { readonly folder: string; readonly format: 'json' | 'avro' | 'csv' | 'parquet' } | undefined;
  readonly fields: readonly string[] | undefined;
}

/** @throws UsageError for what is missing, or does not go together */
export function consumePlan(
  options: ConsumeOptions,
  { profile, name }: Connection,
  now: number,
): ConsumePlan {
  const topics = topicsOf(options, profile.topics);
  const survey = options.survey ?? SURVEYS.find((known) => known === profile.survey);
  checkNumbers(options);
  const range = rangeOf(options, survey, now);
  // yargs makes `--no-group` a group of false, and of several groups a list.
  const named: unknown = options.group;
  if (Array.isArray(named)) throw new UsageError('--group is given twice, or with --no-group');
  if (named === '') throw new UsageError('--group needs a name');
  const alone = named === false || (range.asked && named === undefined);
  const group = alone ? undefined : (options.group ?? defaultGroup(profile.group, profile.groupPrefix, name));
  return {
    topics,
    group,
    ...range,
    from: options.from ?? 'earliest',
    untilEnd: options.untilEos ?? range.ends,
    survey,
    ...outputsOf(options),
    fields: list(options.fields),
  };
}

function topicsOf(options: ConsumeOptions, kept: readonly string[] | undefined): readonly string[] {
  const given = list(options.topics) ?? kept;
  if (!given || given.length === 0) throw new UsageError('no topic is named: give --topics');
  return new FixedTopics(given, '--topics').topics();
}

/** Several values, or one with commas; not those inside an expression's brackets. */
function list(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(/,(?![^{]*\}|[^[]*\]|[^(]*\))/)).map((value) => value.trim());
}

function checkNumbers(options: ConsumeOptions): void {
  const whole = { limit: options.limit, every: options.every, tail: options.tail };
  for (const [option, value] of Object.entries(whole)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new UsageError(`--${option} must be a whole number of 1 or more`);
  }
  for (const [option, value] of Object.entries({
    timeout: options.timeout,
    'rotate-size': options.rotateSize,
    'rotate-time': options.rotateTime,
  })) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new UsageError(`--${option} must be a number above 0`);
  }
}

interface Range {
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly byObservation: boolean;
  readonly tail: number | undefined;
  /** Whether a part of the stream was asked for. */
  readonly asked: boolean;
  /** Whether it ends by itself. */
  readonly ends: boolean;
}

function rangeOf(options: ConsumeOptions, survey: SurveyName | undefined, now: number): Range {
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
    asked: timed || tail !== undefined || from !== undefined,
    ends: tail !== undefined || times.until !== undefined,
  };
}

function outputsOf(options: ConsumeOptions): Pick<ConsumePlan, 'display' | 'save'> {
  const { format, save } = options;
  const terminal = process.stdout.isTTY === true;
  if (save === undefined) {
    if (options.bundle) throw new UsageError('--bundle needs --save');
    if (format === 'parquet') throw new UsageError('--format parquet needs --save, the folder for its files');
    if (format === 'avro' && terminal)
      throw new UsageError('--format avro is not for a terminal: redirect it to a file, or use --save');
    const display = format ?? (terminal ? 'table' : 'json');
    return { display: display === 'none' ? undefined : display, save: undefined };
  }
  const saved = format === 'json' || format === 'csv' || format === 'parquet' ? format : 'avro';
  return {
    display: format === 'table' || format === 'fink' ? format : undefined,
    save: { folder: save, format: saved },
  };
}

/** The same each time, so that the next run goes on where this one has ended. */
function defaultGroup(
  kept: string | undefined,
  prefix: string | undefined,
  profile: string | undefined,
): string {
  if (kept !== undefined) return kept;
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    user = String(process.getuid?.() ?? 'apf');
  }
  return `${prefix ?? ''}${user}@${hostname()}${profile === undefined ? '' : `-${profile}`}`;
}
