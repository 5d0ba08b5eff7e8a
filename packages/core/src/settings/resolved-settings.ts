import type { Framing } from '../codecs/codec.js';
import type {
  ConsumerSettings,
  DatabaseSettings,
  DeadLetterSettings,
  LogLevel,
  MetricsSettings,
  Params,
  ProducerSettings,
  Settings,
} from './settings.js';

type Filled<T, Keys extends keyof T> = Omit<T, Keys> & Required<Pick<T, Keys>>;

export type ResolvedConsumer = Filled<
  ConsumerSettings,
  | 'CLASS'
  | 'consume.messages'
  | 'consume.timeout'
  | 'STOP_AT_END'
  | 'COMMIT_RETRY'
  | 'DROP_UNREAD'
  | 'INT64'
  | 'STRICT'
  | 'TOMBSTONES'
> & { readonly PARAMS: Params; readonly FRAMING: Framing };

export type ResolvedProducer = Filled<ProducerSettings, 'CLASS' | 'STRICT'> & {
  readonly PARAMS: Params;
  readonly FRAMING: Framing;
};

export type ResolvedDeadLetters = Filled<DeadLetterSettings, 'CLASS' | 'DIRECTORY_PATH'> & {
  readonly PARAMS: Params;
};

export type ResolvedMetrics = Filled<MetricsSettings, 'CLASS' | 'EXTRA_METRICS'> & {
  readonly PARAMS: Params;
};

export type ResolvedDatabase = Filled<DatabaseSettings, 'ENGINE' | 'OFFSETS'>;

/** Settings with the environment over them and every default filled in, checked; the keys are those of `Settings`. */
export interface ResolvedSettings extends Filled<
  Omit<Settings, 'LOGGING_DEBUG'>,
  | 'COMMIT'
  | 'ON_ERROR'
  | 'CONCURRENCY'
  | 'WORKERS'
  | 'SHUTDOWN_TIMEOUT'
  | 'PROMETHEUS'
  | 'PROMETHEUS_HOST'
  | 'PROMETHEUS_PORT'
> {
  readonly CONSUMER_CONFIG: ResolvedConsumer;
  readonly PRODUCER_CONFIG?: ResolvedProducer;
  readonly SIDE_OUTPUTS: Readonly<Record<string, ResolvedProducer>>;
  readonly DEAD_LETTERS: ResolvedDeadLetters;
  readonly METRICS_CONFIG?: ResolvedMetrics;
  readonly DB_CONFIG?: ResolvedDatabase;
  readonly LOG_LEVEL: LogLevel;
}
