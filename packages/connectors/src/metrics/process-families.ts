import type { Family } from './families.js';

const STARTED = Date.now() / 1_000 - process.uptime();

/** What every process tells, under the names that Prometheus' own clients use. */
export function processFamilies(step: string): Family[] {
  const { user, system } = process.cpuUsage();
  const of = (
    type: Family['type'],
    name: string,
    help: string,
    value: number,
    aggregator: Family['aggregator'] = 'sum',
  ): Family => ({ type, name, help, aggregator, values: [{ labels: { step }, value }] });
  return [
    of('counter', 'process_cpu_seconds_total', 'CPU time, user and system', (user + system) / 1e6),
    of('gauge', 'process_resident_memory_bytes', 'Memory in use', process.memoryUsage.rss()),
    of('gauge', 'process_start_time_seconds', 'When it started, in seconds since 1970', STARTED, 'min'),
  ];
}
