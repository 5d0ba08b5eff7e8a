import type { Clock, Logger } from '@apf/core';

interface LogEvent {
  readonly severity: number;
  readonly fac: string;
  readonly message: string;
}
/** What librdkafka's clients emit of these. */
interface Watched {
  on(event: 'event.log', listener: (event: LogEvent) => void): unknown;
  on(event: 'event.error', listener: (error: { message: string }) => void): unknown;
}

/** A broker that is away is one line a minute, not one a try. */
const QUIET = 60_000;

/**
 * Listens to what a client says of itself. librdkafka's error events carry no detail and wait for a poll; its log lines
 * come at once and name the reason, so it is these that are read.
 */
export class ClientWatch {
  /** Why the last connection failed. */
  lastFailure: string | undefined;
  /** Connections that failed; repeated failures are told twice a minute only. */
  failures = 0;
  /** Why the client can never work again. */
  fatal: string | undefined;
  /** The group has given this member's partitions away already. */
  evicted = false;
  /** Before, it is for whoever connects to speak. */
  connected = false;
  readonly #lastSaid = new Map<string, number>();

  constructor(
    client: object,
    private readonly brokers: string,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    const watched = client as Watched;
    watched.on('event.log', (event) => this.#onLog(event));
    watched.on('event.error', (error) => this.#onError(error.message));
  }

  /** The broker said that name or password are wrong. */
  get authenticationFailed(): boolean {
    return /authentication (error|fail)|SASL_AUTHENTICATION_FAILED|invalid credentials/i.test(
      this.lastFailure ?? '',
    );
  }

  get tlsFailed(): boolean {
    return /SSL handshake failed|certificate verify failed/i.test(this.lastFailure ?? '');
  }

  /** Warns, but about the same subject only once a minute. */
  warn(subject: string, fields: object, message: string): void {
    const now = this.clock.now();
    if (now - (this.#lastSaid.get(subject) ?? -Infinity) < QUIET) return;
    this.#lastSaid.set(subject, now);
    this.logger.warn(fields, message);
  }

  #onLog({ fac, message, severity }: LogEvent): void {
    const text = readable(message);
    if (fac === 'FAIL') this.failures++;
    if (fac === 'FAIL' || fac === 'ERROR') this.lastFailure = text;
    if (fac === 'FATAL') this.fatal = text;
    if (fac === 'SESSTMOUT' || fac === 'MAXPOLL') {
      this.evicted = true;
      this.logger.warn({ fac }, text);
    } else if (fac === 'CONFWARN') {
      this.logger.warn({ fac }, text);
    } else {
      this.logger.debug({ fac, severity }, text);
    }
  }

  #onError(message: string): void {
    if (this.connected && /all broker|broker transport|resolve|authentication|ssl/i.test(message)) {
      this.warn(
        'away',
        { code: 'APF_BROKER' },
        `the Kafka broker ${this.brokers} does not answer (${this.lastFailure ?? message}); still trying`,
      );
    } else {
      this.logger.debug({ error: message }, 'the Kafka client reports an error');
    }
  }
}

/** Without the thread's name and the client's own timings. */
function readable(message: string): string {
  return message
    .replace(/^\[thrd:[^\]]*\]:\s*/, '')
    .replace(/\s*\(after \d+ms in state .*\)$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
