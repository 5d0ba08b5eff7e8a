import type { Transmitter } from '@apf/alerts';
import type { KafkaSink } from '@apf/connectors';
import { printable, type Outgoing } from '@apf/core';

/** Refusals that are named; more are only counted. */
const NAMED = 10;

/** Sends alerts to Kafka and knows of each whether the broker has it. */
export class Transmission implements Transmitter<Outgoing<Buffer>> {
  /** Alerts handed over. */
  sent = 0;
  /** Alerts that the broker will never take. */
  refused = 0;

  /** @param giveUp aborted when what is not confirmed by then is not waited for */
  constructor(
    private readonly sink: KafkaSink<Buffer>,
    private readonly giveUp: AbortSignal,
    private readonly say: (line: string) => void,
  ) {}

  get delivered(): number {
    return this.sink.delivered;
  }

  get unconfirmed(): number {
    return this.sent - this.delivered - this.refused;
  }

  async send(alerts: readonly Outgoing<Buffer>[]): Promise<void> {
    this.sent += alerts.length;
    const written = this.sink.write(alerts);
    // The client's queue may be full, and the broker away.
    let stop!: () => void;
    const givenUp = new Promise<void>((resolve) => (stop = resolve));
    this.giveUp.addEventListener('abort', stop, { once: true });
    await Promise.race([written, givenUp]).finally(() => this.giveUp.removeEventListener('abort', stop));
  }

  async flush(): Promise<void> {
    for (const { outgoing, error } of await this.sink.flush(this.giveUp)) {
      this.refused++;
      if (this.refused <= NAMED) {
        this.say(
          `apf: not sent: '${printable(outgoing.origin.topic, 300)}': ${printable(error.message, 300)}`,
        );
      }
    }
  }
}
