import type { StreamSnapshot, WatchedGroup, WatchedReading, WatchedTopic } from '@apf/connectors';
import { printable } from '@apf/core';

/** Columns, and in which order those that a narrow terminal has no room for are left out. */
const COLUMNS = [
  { title: 'topic / group', leftOutAt: 0 },
  { title: 'state', leftOutAt: 3 },
  { title: 'parts', leftOutAt: 2 },
  { title: 'messages', leftOutAt: 1 },
  { title: 'lag', leftOutAt: 0 },
  { title: 'msg/s', leftOutAt: 4 },
  { title: 'latency', leftOutAt: 0 },
] as const;

type Row = readonly string[];

/** What the name's column has at least, in characters. */
const LEAST = 16;
const GAP = '  ';

export interface TableOptions {
  /** Characters of a line. */
  readonly width: number;
  /** Whether each partition has a row. */
  readonly partitions: boolean;
}

/** A snapshot as lines: each topic, below it the groups that read it. */
export function monitorTable(snapshot: StreamSnapshot, options: TableOptions): string[] {
  const rows = snapshot.topics.flatMap((topic) => topicRows(topic, snapshot.groups, options));
  const elsewhere = snapshot.groups
    .filter(({ topics }) => topics.length === 0)
    .map((group) => [group.group, stateOf(group), '', '', '', '', '']);
  const lines = laidOut([...rows, ...elsewhere], options.width);
  if (rows.length === 0) lines.push('there is no topic that this user may see');
  else if (snapshot.groups.length === 0) lines.push('there is no group that this user may see');
  return [...lines, ...snapshot.unseen.map((line) => `! ${printable(line, 300)}`)];
}

function topicRows(
  topic: WatchedTopic,
  groups: readonly WatchedGroup[],
  { partitions }: TableOptions,
): Row[] {
  const own: Row = [
    topic.topic,
    '',
    String(topic.partitions.length),
    count(topic.messages),
    '',
    rate(topic.rate),
    seconds(topic.latency),
  ];
  const rows = [own];
  if (partitions) {
    for (const { partition, begin, end, rate: speed } of topic.partitions) {
      const led = begin !== null && end !== null;
      rows.push([
        `  [${partition}]`,
        led ? '' : 'no leader',
        '',
        led ? count(end - begin) : '-',
        '',
        rate(speed),
        '',
      ]);
    }
  }
  for (const group of groups) {
    const reading = group.topics.find(({ topic: name }) => name === topic.topic);
    if (reading) rows.push(...groupRows(group, reading, partitions));
  }
  return rows;
}

function groupRows(group: WatchedGroup, reading: WatchedReading, partitions: boolean): Row[] {
  const read = reading.partitions.filter(({ client }) => client !== null).length;
  const row: Row = [
    `  ${group.group}`,
    stateOf(group),
    read === 0 ? '' : String(read),
    '',
    count(reading.lag),
    rate(reading.rate),
    seconds(reading.latency),
  ];
  if (!partitions) return [row];
  const each = reading.partitions.map((one): Row => [
    `    [${one.partition}]`,
    one.client ?? '',
    '',
    '',
    count(one.lag),
    rate(one.rate),
    seconds(one.latency),
  ]);
  return [row, ...each];
}

function stateOf({ state, members }: WatchedGroup): string {
  const words = state.toLowerCase().replaceAll('_', ' ');
  return members.length === 0
    ? words
    : `${words}, ${members.length} ${members.length === 1 ? 'member' : 'members'}`;
}

function laidOut(rows: readonly Row[], width: number): string[] {
  const table = [
    COLUMNS.map(({ title }) => title as string),
    ...rows.map((row) => row.map((cell) => printable(cell, 250))),
  ];
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  let shown = COLUMNS.map((_, i) => i);
  const rest = (): number => shown.slice(1).reduce((sum, i) => sum + widths[i]! + GAP.length, 0);
  for (let next = 1; next <= 4 && width - rest() < Math.min(LEAST, widths[0]!); next++)
    shown = shown.filter((i) => COLUMNS[i]!.leftOutAt !== next);
  const first = Math.max(1, Math.min(widths[0]!, width - rest()));
  return table.map((row) =>
    shown
      .map((i) =>
        i === 0
          ? shortened(row[0]!, first).padEnd(first)
          : i === 1
            ? row[1]!.padEnd(widths[1]!)
            : row[i]!.padStart(widths[i]!),
      )
      .join(GAP)
      .trimEnd()
      .slice(0, width),
  );
}

/** The ends of a name tell more than its middle. */
function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const tail = Math.floor((longest - 1) / 2);
  return `${name.slice(0, longest - 1 - tail)}…${tail === 0 ? '' : name.slice(-tail)}`;
}

const count = (value: number): string => value.toLocaleString('en-US');

function rate(value: number | null): string {
  if (value === null) return '-';
  return value >= 100 ? count(Math.round(value)) : value.toFixed(1);
}

/** A time span in at most two units: `3.2 s`, `12 min 5 s`, `3 h 20 min`, `12 d 4 h`. */
function seconds(value: number | null): string {
  if (value === null) return '-';
  if (value < 60) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return `${minutes} min ${whole % 60} s`;
}
