import { UsageError } from '@apf/core';

export const SOURCES = ['kafka', 'avro', 'json', 'csv'] as const;
export const PRODUCERS = ['none', 'kafka', 'avro', 'json', 'csv'] as const;
export const TOPIC_STRATEGIES = ['daily'] as const;

export const DATABASES = ['sqlite', 'postgres'] as const;

/** What `apf new-step` was asked for. */
export interface StepOptions {
  readonly name: string;
  /** The project's folder; by default one named as the step, in the working directory. */
  readonly dir?: string | undefined;
  readonly batch: boolean;
  readonly source: (typeof SOURCES)[number];
  readonly producer: (typeof PRODUCERS)[number];
  readonly topicStrategy?: (typeof TOPIC_STRATEGIES)[number] | undefined;
  /** Where results are written as rows, beside the producer if there is one. */
  readonly db?: (typeof DATABASES)[number] | undefined;
  /** An Avro schema from which the alert's type is written. */
  readonly schema?: string | undefined;
}

/** Throws {@link UsageError} for options that contradict each other. */
export function checkStepOptions(options: StepOptions): void {
  // yargs makes a list of an option that is given twice.
  for (const name of ['dir', 'source', 'producer', 'topicStrategy', 'db', 'schema'] as const)
    if (Array.isArray(options[name]))
      throw new UsageError(`--${name === 'topicStrategy' ? 'topic-strategy' : name} is given twice`);
  if (options.topicStrategy && options.source !== 'kafka')
    throw new UsageError(
      `--topic-strategy chooses Kafka topics, so it needs --source kafka, not ${options.source}`,
    );
}
