import { type Clock, FatalError, type Logger } from '@apf/core';
import { ClientWatch } from './client-watch.js';
import { kafkaText } from './kafka-errors.js';

/** What connecting needs of node-rdkafka's clients. */
export interface Connectable {
  connect(options: { allTopics: boolean; timeout: number }, done: (error: unknown) => void): unknown;
  once(event: 'connection.failure', listener: () => void): unknown;
}

export interface ConnectOptions {
  readonly brokers: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long a broker may stay silent before that is an error, in ms. */
  readonly within: number;
}

export interface Connected<C> {
  readonly client: C;
  readonly watch: ClientWatch;
}

/** The first try waits so long, in ms, each following one twice as long. */
const FIRST_TRY = 3_000;

/**
 * Connects a client to the first broker that answers. A client that failed is of no more use, so each try makes one.
 * @throws FatalError that says which of password, TLS, settings or network is wrong.
 */
export async function connect<C extends Connectable>(
  make: () => C,
  options: ConnectOptions,
): Promise<Connected<C>> {
  const { brokers, logger, clock, within } = options;
  const deadline = clock.now() + within;
  let said = false;
  for (let patience = FIRST_TRY; ; patience *= 2) {
    const client = construct(make);
    const watch = new ClientWatch(client, brokers, logger, clock);
    let made = false;
    client.once('connection.failure', () => (made = true));
    const timeout = Math.max(500, Math.min(patience, deadline - clock.now()));
    const error = await new Promise<unknown>((resolve) =>
      client.connect({ allTopics: false, timeout }, resolve),
    );
    if (!error) {
      watch.connected = true;
      return { client, watch };
    }
    if (!made) throw notTaken(error);
    const failure = failed(watch, brokers);
    if (failure) throw failure;
    const reason = watch.lastFailure ?? kafkaText(error);
    if (clock.now() >= deadline - 500) {
      throw new FatalError(
        `no Kafka broker answers at ${brokers} within ${Math.round(within / 1000)} s (${reason})${hungUp(reason)}: check PARAMS['bootstrap.servers'], 'security.protocol' and the network`,
        { code: 'APF_BROKER' },
      );
    }
    if (!said)
      logger.warn(
        { code: 'APF_BROKER' },
        `the Kafka broker ${brokers} does not answer (${reason}); still trying`,
      );
    said = true;
  }
}

/** A broker that expects a login, or TLS, ends the connection of whoever comes without, and says no word. */
const hungUp = (reason: string): string =>
  /(closed|reset) by peer|Disconnected|Broken pipe/.test(reason)
    ? "; the broker hangs up, as one that wants a login does (PARAMS['sasl.username']) or one that speaks TLS"
    : '';

function construct<C>(make: () => C): C {
  try {
    return make();
  } catch (error) {
    throw notTaken(error);
  }
}

/** Without brokers being asked: a property that is unknown or wrong, a file that is missing. */
function notTaken(error: unknown): FatalError {
  const text = kafkaText(error);
  // OpenSSL does not say which file it means.
  const files = /x509|pem|ssl/i.test(text)
    ? "; check the files that 'ssl.ca.location' and its like name"
    : '';
  return new FatalError(`the Kafka client does not take PARAMS: ${text}${files}`, {
    code: 'APF_SETTINGS',
    cause: error,
  });
}

function failed(watch: ClientWatch, brokers: string): FatalError | undefined {
  const reason = watch.lastFailure ?? '';
  if (watch.authenticationFailed) {
    return new FatalError(
      `the broker ${brokers} refused the user name or the password (${reason}): check PARAMS['sasl.username'], 'sasl.password' and 'sasl.mechanism'`,
      { code: 'APF_AUTHENTICATION' },
    );
  }
  if (watch.tlsFailed) {
    return new FatalError(
      `no TLS connection to ${brokers} (${reason}): check PARAMS['ssl.ca.location'], the CA file that signed the broker's certificate`,
      { code: 'APF_BROKER' },
    );
  }
  return undefined;
}
