/** The ports of one broker's four listeners. */
export interface Ports {
  /** The administrator's: without a login, except in a secured cluster. */
  readonly plaintext: number;
  readonly sasl: number;
  readonly ssl: number;
  readonly controller: number;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ServerSpec {
  readonly ports: Ports;
  /** The address that the SASL listeners advertise. */
  readonly host: string;
  /** What PLAINTEXT and the controller bind; loopback, except inside a container, whose ports Docker publishes. */
  readonly privateBind: string;
  /** What the SASL listeners bind. */
  readonly publicBind: string;
  readonly dataDir: string;
  readonly keystore: string;
  readonly autoCreateTopics: boolean;
  /** In a secured cluster nobody comes in without a login, the broker itself included; this is its own. */
  readonly admin?: Credentials | undefined;
  /** Further or other lines; they win. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A 16 MB alert with its headers, in one batch. */
const MAX_MESSAGE = String(20 * 1024 * 1024);

/**
 * The `server.properties` of one node that is broker and controller. Whoever comes over PLAINTEXT may do everything,
 * SASL users only what an ACL allows them. A secured cluster has INTERNAL in place of PLAINTEXT, where the administrator
 * logs in, as the broker and the controller do with each other.
 */
export function serverProperties(spec: ServerSpec): string {
  const { ports, host, admin } = spec;
  const own = admin === undefined ? 'PLAINTEXT' : 'INTERNAL';
  const ownProtocol = admin === undefined ? 'PLAINTEXT' : 'SASL_PLAINTEXT';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const lines: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: [
      `${own}://${spec.privateBind}:${ports.plaintext}`,
      `SASL_PLAINTEXT://${spec.publicBind}:${ports.sasl}`,
      `SASL_SSL://${spec.publicBind}:${ports.ssl}`,
      `CONTROLLER://127.0.0.1:${ports.controller}`,
    ].join(','),
    'advertised.listeners': [
      `${own}://127.0.0.1:${ports.plaintext}`,
      `SASL_PLAINTEXT://${host}:${ports.sasl}`,
      `SASL_SSL://${host}:${ports.ssl}`,
    ].join(','),
    'listener.security.protocol.map': `${own}:${ownProtocol},SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:${ownProtocol}`,
    'inter.broker.listener.name': own,
    'controller.listener.names': 'CONTROLLER',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': spec.keystore,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${admin?.username ?? 'ANONYMOUS'}`,
    'allow.everyone.if.no.acl.found': 'false',
    'log.dirs': spec.dataDir,
    'auto.create.topics.enable': String(spec.autoCreateTopics),
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    // One process and few clients: the 50 partitions of Kafka's default take seconds to make and serve nobody.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    // After a kill the node must wait until its former self has timed out: 9 s by default.
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '500',
    'message.max.bytes': MAX_MESSAGE,
    'replica.fetch.max.bytes': MAX_MESSAGE,
    // Alerts keep the time of their observation, which may be years ago: retention by time would eat them at once.
    'log.retention.ms': '-1',
    'log.cleaner.dedupe.buffer.size': String(8 * 1024 * 1024),
    ...(admin === undefined ? {} : ownLogin(admin)),
    ...spec.extra,
  };
  for (const listener of ['sasl_plaintext', 'sasl_ssl']) {
    for (const mechanism of ['scram-sha-256', 'scram-sha-512']) {
      lines[`listener.name.${listener}.${mechanism}.sasl.jaas.config`] = scram;
    }
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}

/** The broker's own login. By PLAIN, over loopback: its password stands in the file, where SCRAM's would have to be made first. */
function ownLogin({ username, password }: Credentials): Record<string, string> {
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${username}" password="${password}" user_${username}="${password}";`;
  return {
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    ...Object.fromEntries(
      ['internal', 'controller'].flatMap((listener) => [
        [`listener.name.${listener}.sasl.enabled.mechanisms`, 'PLAIN'],
        [`listener.name.${listener}.plain.sasl.jaas.config`, jaas],
      ]),
    ),
  };
}
