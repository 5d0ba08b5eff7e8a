import { printTable } from '../print-table.js';
import type { FilterSummary } from './run-filters.js';

/** How many filters that passed nothing are named. */
const SILENT = 5;

/** The counts of a run: for people a table and a line on standard error, as JSON on standard output. */
export function printFilterSummary({ summary, counts, seconds }: FilterSummary, json: boolean): void {
  const { stats, reason } = summary;
  const { read, decoded, produced, committed, deadLetters } = stats;
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  if (json) {
    const filters = counts.map(({ name, topic, passed, failed, left }) => ({
      name,
      topic,
      passed,
      failed,
      left,
    }));
    const figures = { read, alerts: decoded, forwarded: produced, committed, deadLetters, failed };
    console.log(JSON.stringify({ ...figures, seconds: Math.round(seconds * 1000) / 1000, reason, filters }));
    return;
  }
  const shown = counts.filter(({ passed, failed }) => passed + failed > 0);
  if (shown.length > 0) {
    printTable(
      ['filter', 'topic', 'passed', 'failed'],
      shown.map(({ name, topic, passed, failed, left }) => [
        name,
        topic,
        passed,
        left ? `${failed}, left out` : failed,
      ]),
    );
  }
  const none = counts.filter((count) => !shown.includes(count)).map(({ name }) => name);
  if (none.length > 0) {
    const more = none.length > SILENT ? ` and ${none.length - SILENT} more` : '';
    console.error(`apf: nothing passed ${none.slice(0, SILENT).join(', ')}${more}`);
  }
  const rest = [
    deadLetters > 0 ? `${deadLetters} could not be read` : '',
    failed > 0 ? `${failed} errors of filters` : '',
  ].filter((part) => part !== '');
  console.error(
    `apf: ${[`${decoded} alerts`, ...rest, `${committed} committed`].join(', ')}, ${seconds.toFixed(1)} s`,
  );
}
