import type { Clock, DeadLetter, Outgoing, Sink } from '@apf/core';

/** Keeps alerts on which a filter threw as dead letters, before the commit; alerts that others passed are not held up. */
export class FailedFilterSink implements Sink<Error> {
  constructor(
    private readonly letters: Sink<DeadLetter>,
    private readonly step: string,
    private readonly clock: Clock,
  ) {}

  open(): Promise<void> {
    return this.letters.open();
  }

  async write(batch: readonly Outgoing<Error>[]): Promise<void> {
    await this.letters.write(
      batch.map(({ value: error, origin }) => {
        const letter = { message: origin, error, code: 'APF_EXECUTE', stage: 'execute' as const };
        return { origin, value: { ...letter, step: this.step, when: this.clock.now() } };
      }),
    );
  }

  async flush(signal: AbortSignal): Promise<void> {
    await this.letters.flush(signal);
  }

  close(): Promise<void> {
    return this.letters.close();
  }
}
