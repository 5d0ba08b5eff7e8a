import type { Logger } from '@apf/core';
import type { MetricsSender } from './metrics-sender.js';

/** Writes metrics documents to the log of the step. */
export class LogMetricsSender implements MetricsSender {
  constructor(private readonly logger: Logger) {}

  async open(): Promise<void> {}

  send(document: object): void {
    this.logger.info({ metrics: document }, 'metrics');
  }

  async close(): Promise<void> {}
}
