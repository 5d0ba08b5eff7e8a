import { type Environment, metricsClass, type ResolvedMetrics, type RunObserver } from '@apf/core';
import { KafkaMetricsSender } from '../metrics/kafka-metrics-sender.js';
import { LogMetricsSender } from '../metrics/log-metrics-sender.js';
import { metricFormat } from '../metrics/metric-formats.js';
import { MetricsDocuments } from '../metrics/metrics-documents.js';
import type { MetricsSender } from '../metrics/metrics-sender.js';
import { instantiate } from './load-class.js';
import type { Surroundings } from './surroundings.js';
import { topicStrategy } from './topic-strategy.js';

const METHODS = ['open', 'send', 'close'] as const;

/**
 * What METRICS_CONFIG describes.
 * @param prototype of the step's class: its methods may be the formats of fields, and are called on `step`
 */
export async function createMetrics(
  settings: ResolvedMetrics,
  prototype: object,
  step: () => object,
  env: Environment,
  around: Surroundings,
): Promise<RunObserver> {
  const metrics = settings.EXTRA_METRICS.map((item) => (typeof item === 'string' ? { key: item } : item)).map(
    (item) => ({ ...item, format: metricFormat(item, prototype, step) }),
  );
  return new MetricsDocuments({
    source: env.METRICS_SOURCE || around.name,
    survey: env.METRICS_SURVEY || undefined,
    metrics,
    sender: await createSender(settings, around),
    clock: around.clock,
    logger: around.logger,
  });
}

async function createSender(settings: ResolvedMetrics, around: Surroundings): Promise<MetricsSender> {
  const { logger, clock } = around;
  const { CLASS, PARAMS, TOPIC, TOPIC_STRATEGY } = settings;
  const named = metricsClass(CLASS, 'METRICS_CONFIG.CLASS');
  switch (named.kind) {
    case 'custom':
      return instantiate<MetricsSender>(named, 'METRICS_CONFIG.CLASS', METHODS, [settings, around], around);
    case 'log':
      return new LogMetricsSender(logger);
    case 'kafka': {
      const topic = TOPIC ?? (await topicStrategy(undefined, TOPIC_STRATEGY, 'METRICS_CONFIG', around));
      return new KafkaMetricsSender({ params: PARAMS, topic, logger, clock });
    }
  }
}
