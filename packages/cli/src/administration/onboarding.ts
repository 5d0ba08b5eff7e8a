import type { Grant } from '@apf/connectors';

/** Where users log in, and how: what a person must be told besides the grant. */
export interface Door {
  readonly servers: string;
  readonly tls: boolean;
}

/**
 * What the person needs who was let in, to be sent as it is: settings for a step, and the same for a client.
 * @param password undefined where the person has one already.
 */
export function onboarding(grant: Grant, { servers, tls }: Door, password: string | undefined): string {
  const { user, name, institution, email, topics, groupPrefix, hosts, writes = [], until } = grant;
  const who = [institution, email].filter((part) => part !== undefined).join(', ');
  const subscription = topics.map(subscribed);
  const protocol = tls ? 'SASL_SSL' : 'SASL_PLAINTEXT';
  const secret = password ?? 'the password that you have';
  return [
    `${name ?? user}${who === '' ? '' : ` (${who})`} may come in as '${user}'${
      hosts.length === 0 ? '' : ` from ${hosts.join(', ')}`
    }${until === undefined ? '' : `, until ${until}`}.`,
    ...(topics.length === 0
      ? []
      : [`To read: ${topics.join(', ')}, in groups whose ids begin with ${groupPrefix}.`]),
    ...(writes.length === 0 ? [] : [`To write: ${writes.join(', ')}.`]),
    ...(topics.length === 0
      ? []
      : [
          '',
          '// settings.ts',
          '  CONSUMER_CONFIG: {',
          "    CLASS: 'KafkaConsumer',",
          '    PARAMS: {',
          `      'bootstrap.servers': ${quoted(servers)},`,
          `      'group.id': ${quoted(`${groupPrefix}_my_step`)},`,
          `      'security.protocol': '${protocol}',`,
          "      'sasl.mechanism': 'SCRAM-SHA-512',",
          "      'auto.offset.reset': 'earliest',",
          '    },',
          `    TOPICS: [${subscription.map(quoted).join(', ')}],`,
          '  },',
          '',
          '# .env',
          `APF__CONSUMER_CONFIG__PARAMS__SASL_USERNAME=${user}`,
          `APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD=${secret}`,
        ]),
    '',
    '# credentials.yml, for apf --profile ./credentials.yml and for the client of Fink',
    `username: ${JSON.stringify(user)}`,
    `password: ${JSON.stringify(secret)}`,
    `group_id: ${JSON.stringify(groupPrefix)}`,
    `mytopics: ${JSON.stringify(topics.length === 0 ? writes : subscription)}`,
    `servers: ${JSON.stringify(servers)}`,
    'maxtimeout: 10',
  ].join('\n');
}

/** All topics that begin alike are subscribed to by a regular expression. */
function subscribed(topic: string): string {
  if (!topic.endsWith('*')) return topic;
  return `^${topic.slice(0, -1).replaceAll('.', '\\.')}.*`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
