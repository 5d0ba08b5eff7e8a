import type { AlertContext, BatchContext } from './context.js';

/** What `execute` may give: nothing, one result, several, or a promise of these. */
export type Produced<Out> =
  Out | readonly Out[] | undefined | void | Promise<Out | readonly Out[] | undefined | void>;

/**
 * The hooks that a step may have besides `execute`; APF's own, in camelCase. Those that get a list return the list to
 * use: an alert or a result left out of it is done. `postProduce` follows the commit.
 */
abstract class Hooks<In, Out> {
  preConsume?(): void | Promise<void>;
  preExecute?(alerts: readonly In[]): readonly In[] | Promise<readonly In[]>;
  postExecute?(results: readonly Out[]): readonly Out[] | Promise<readonly Out[]>;
  preProduce?(results: readonly Out[]): readonly Out[] | Promise<readonly Out[]>;
  postProduce?(): void | Promise<void>;
  tearDown?(): void | Promise<void>;
  /** The Kafka key of a result; wins over the producer's `KEY_FIELD`. */
  key?(result: Out): string | Buffer | null | undefined;
}

/** A step that sees one alert at a time, in the order of its partition. */
export abstract class Step<In = unknown, Out = never> extends Hooks<In, Out> {
  abstract execute(message: In, context: AlertContext): Produced<Out>;
}

/** A step that sees a batch at a time: APF's `consume.messages` > 1. */
export abstract class BatchStep<In = unknown, Out = never> extends Hooks<In, Out> {
  abstract execute(messages: readonly In[], contexts: BatchContext): Produced<Out>;
}
