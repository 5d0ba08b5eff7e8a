import type { TopicStrategy } from '../contracts.js';
import { DailyTopicStrategy } from './daily-topic-strategy.js';
import { LocalCalendar } from './local-calendar.js';

/**
 * One line for the start of a run: the topics held and, where they change, the zone, the dates held, and the next
 * change in local time and in UTC.
 */
export function describeTopics(strategy: TopicStrategy, now: Date): string {
  const topics = `topics ${strategy.topics(now).join(', ')}`;
  const next = strategy.nextChange(now);
  const daily = strategy instanceof DailyTopicStrategy ? strategy : undefined;
  if (next === null) return topics;
  const calendar = new LocalCalendar(daily?.zone);
  const dates = daily ? `; dates ${daily.dates(now).join(', ')}` : '';
  const local = minutes(calendar.wallClock(next.getTime()));
  return `${topics}; zone ${calendar.zone}${dates}; next change ${local} local time = ${minutes(next.getTime())} UTC`;
}

const minutes = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
