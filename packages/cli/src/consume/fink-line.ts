import { printable, pythonFloat } from '@apf/core';

/** What stands above each line. */
export const FINK_RULE = '-'.repeat(65);

/**
 * The line that Fink's client prints of an alert, as Python's
 * `"{:<25}|{:<10}|{:<15}|{:<10}|{:<5}|".format(timestamp, topic, objectId, cdsxmatch, rfscore)`; a field that is null or
 * missing is `None`.
 */
export function finkLine(alert: unknown, topic: string): string {
  const fields = (alert ?? {}) as Readonly<Record<string, unknown>>;
  const cells = [
    [fields.timestamp, 25],
    [topic, 10],
    [fields.objectId, 15],
    [fields.cdsxmatch, 10],
    [fields.rfscore, 5],
  ] as const;
  return cells.map(([value, width]) => `${pythonText(value).padEnd(width)}|`).join('');
}

/** Python's `time.ctime()`, in local time. */
export function ctime(time: Date): string {
  const [weekday, month, day, year] = time.toString().split(' ') as [string, string, string, string];
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time.toTimeString().slice(0, 8)} ${year}`;
}

function pythonText(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Object.is(value, -0) ? String(value) : pythonFloat(value);
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return 'None';
}
