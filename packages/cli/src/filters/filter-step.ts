import type { FilterSet } from '@apf/alerts';
import { type AlertContext, FatalError, type RawMessage, Step, type StreamAlert } from '@apf/core';

/** What became of the alerts by one filter. */
export interface FilterCount {
  readonly name: string;
  readonly topic: string;
  passed: number;
  /** Alerts on which it threw. */
  failed: number;
  /** It threw on so many alerts in a row that it was left out. */
  left: boolean;
}

/** A message as it came, and the topics that it goes to. */
export interface Forwarded {
  readonly value: Buffer;
  readonly topics: readonly string[];
}

export interface FilterStepOptions {
  readonly set: FilterSet;
  /** The topics of the filters, in their order. */
  readonly topics: readonly string[];
  readonly say: (line: string) => void;
}

/** The outputs of {@link FilterStep}: messages that passed ({@link Forwarded}), and errors of filters. */
export const PASSED = 'passed';
export const FAILED = 'failed';

/** A filter that throws on so many alerts in a row throws on all. */
const HOPELESS = 20;

/**
 * Forwards each message to the topics of the filters that it passes, byte by byte. A message with several alerts goes
 * whole where one of them passes, once to each topic. What a filter throws stops no other: the alert is a dead letter that
 * names it; a filter that throws on alert after alert is left out.
 */
export class FilterStep extends Step<StreamAlert> {
  readonly counts: readonly FilterCount[];
  private readonly rows: { last: number; length: number }[];
  private asked = 0;
  private message: RawMessage | undefined;
  private readonly sent = new Set<number>();

  constructor(private readonly options: FilterStepOptions) {
    super();
    const { set, topics } = options;
    this.counts = set.filters.map(({ name }, i) => ({
      name,
      topic: topics[i]!,
      passed: 0,
      failed: 0,
      left: false,
    }));
    this.rows = topics.map(() => ({ last: -1, length: 0 }));
  }

  override execute(alert: StreamAlert, context: AlertContext): void {
    const { message } = context;
    if (message !== this.message) {
      this.message = message;
      this.sent.clear();
    }
    this.asked++;
    let topics: string[] | undefined;
    let failures: [index: number, error: Error][] | undefined;
    this.options.set.ask(alert.value, alert.schema, (index, verdict) => {
      if (verdict !== true) {
        (failures ??= []).push([index, verdict]);
        return;
      }
      const count = this.counts[index]!;
      count.passed++;
      if (this.sent.has(index)) return;
      this.sent.add(index);
      (topics ??= []).push(count.topic);
    });
    if (topics && message.value) {
      const { key, headers } = context;
      context.produce(PASSED, { value: message.value, topics } satisfies Forwarded, { key, headers });
    }
    if (failures) this.failed(failures, context);
  }

  private failed(failures: readonly (readonly [number, Error])[], context: AlertContext): void {
    const { set, say } = this.options;
    for (const [index, error] of failures) {
      const count = this.counts[index]!;
      const row = this.rows[index]!;
      row.length = row.last === this.asked - 1 ? row.length + 1 : 1;
      row.last = this.asked;
      count.failed++;
      if (count.failed === 1)
        say(
          `filter '${count.name}' failed: ${error.message}; such alerts are dead letters, the other filters go on`,
        );
      if (row.length < HOPELESS) continue;
      count.left = true;
      set.leaveOut(index);
      say(`filter '${count.name}' failed on ${HOPELESS} alerts in a row: it is left out from here on`);
    }
    if (this.counts.every(({ left }) => left))
      throw new FatalError(
        `every filter fails on every alert; the last error: ${failures.at(-1)![1].message}`,
        {
          code: 'APF_EXECUTE',
        },
      );
    const text = failures.map(([index, { message }]) => `filter '${this.counts[index]!.name}': ${message}`);
    context.produce(FAILED, new Error(text.join('; ').slice(0, 4000), { cause: failures[0]![1] }));
  }
}
