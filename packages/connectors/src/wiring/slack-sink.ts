import type { ResolvedProducer } from '@apf/core';
import { readChannels } from '../slack/channel-name.js';
import { FINK_TABLES } from '../slack/class-tables.js';
import { composeMessages } from '../slack/compose-messages.js';
import { composeTables } from '../slack/compose-tables.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackSink } from '../slack/slack-sink.js';
import { pathIn, type Surroundings } from './surroundings.js';

interface TableParams {
  readonly channels: string;
  readonly class?: string;
  readonly columns?: readonly string[];
  readonly unknown?: string;
}

/** The sink of SlackProducer or SlackTableProducer; its parameters have been checked. @throws UsageError without a token. */
export function slackSink(
  { PARAMS }: ResolvedProducer,
  kind: 'slack' | 'slack-tables',
  { folder, logger, clock }: Surroundings,
): SlackSink {
  const client = new SlackClient({ clock });
  if (kind === 'slack') {
    const { channel } = PARAMS as { readonly channel?: string };
    return new SlackSink({ client, compose: composeMessages(channel), logger, clock });
  }
  const { channels, class: classField, columns, unknown } = PARAMS as unknown as TableParams;
  const compose = composeTables({
    classField: classField ?? FINK_TABLES.classField,
    columns: columns ?? FINK_TABLES.columns,
    unknown: unknown ?? FINK_TABLES.unknown,
    channels: readChannels(pathIn(folder, channels)),
  });
  return new SlackSink({ client, compose, logger, clock });
}
