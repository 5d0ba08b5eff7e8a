import { readChannels } from './channel-name.js';
import { classTables, type ClassTableOptions, FINK_TABLES } from './class-tables.js';
import type { SlackClient, SlackContext } from './slack-client.js';

export type SlackAlertsOptions = Partial<Omit<ClassTableOptions, 'channels'>> & {
  /** The file that lists the channels, or their names with `#`. */
  readonly channels: string | readonly string[];
};

/**
 * Posts alerts as Fink's `send_slack_alerts` does: one table for each class, to the channel that is called as the class,
 * if the channels have it. Alerts of no known class are left out.
 * @returns the channels that were posted to. @throws as `SlackClient` does.
 */
export async function sendSlackAlerts(
  client: SlackClient,
  rows: readonly object[],
  { channels, ...options }: SlackAlertsOptions,
  context?: SlackContext,
): Promise<string[]> {
  const listed = typeof channels === 'string' ? readChannels(channels) : channels;
  const tables = classTables(rows, { ...FINK_TABLES, ...options, channels: listed }, (row) => row);
  for (const { channel, text } of tables) await client.post(channel, text, context);
  return tables.map(({ channel }) => channel);
}
