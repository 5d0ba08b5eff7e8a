import { compileFilter, type Expression, FilterSet } from '@apf/alerts';
import {
  type AlertContext,
  type AvroSchema,
  type Codec,
  FatalError,
  printable,
  type RawMessage,
  Step,
  type StreamAlert,
  toError,
} from '@apf/core';
import { FAILED } from '../filters/filter-step.js';
import type { OutputSchema } from './output-schema.js';
import type { DistributionPlan } from './distribution-plan.js';

/** An alert as it goes out. */
export interface Routed {
  readonly topics: readonly string[];
  readonly bytes: Buffer;
  readonly key: Buffer | null;
}

export interface DistributeStepOptions extends Pick<
  DistributionPlan,
  'filters' | 'topics' | 'rules' | 'survey'
> {
  readonly codec: Pick<Codec, 'written'>;
  readonly output: OutputSchema;
  /** The alert of this message goes out. */
  readonly onRouted: (message: RawMessage) => void;
  readonly say: (line: string) => void;
}

/** What became of the alerts. */
export interface DistributeCounts {
  /** Alerts that the rules and a filter have let pass. */
  passed: number;
  readonly topics: Map<string, number>;
  /** Alerts on which a filter threw an error, by its name. */
  readonly errors: Map<string, number>;
}

/** Finds the topics of each alert: those of the filters that it passes, or where there is no filter, the given ones. */
export class DistributeStep extends Step<StreamAlert, Routed> {
  readonly counts: DistributeCounts = { passed: 0, topics: new Map(), errors: new Map() };
  private readonly filters: FilterSet | undefined;
  private readonly conditions = new Map<AvroSchema | undefined, Expression>();

  constructor(private readonly options: DistributeStepOptions) {
    super();
    const { filters, survey, topics } = options;
    this.filters = filters.length === 0 ? undefined : new FilterSet({ filters, survey });
    for (const topic of topics) this.counts.topics.set(topic, 0);
  }

  override execute(
    alert: StreamAlert,
    context: AlertContext,
  ): Routed | undefined | Promise<Routed | undefined> {
    const { output } = this.options;
    // Readers are to have the schema before the first alert, be it that none passes yet.
    if (!output.schema && alert.schema)
      return output.settle(alert.schema).then(() => this.routed(alert, context));
    return this.routed(alert, context);
  }

  override key(routed: Routed): Buffer | null {
    return routed.key;
  }

  private routed(alert: StreamAlert, context: AlertContext): Routed | undefined {
    const { codec, output, onRouted } = this.options;
    if (!this.holds(alert)) return undefined;
    const topics = this.filters ? this.passed(this.filters, alert, context) : this.options.topics;
    if (topics.length === 0) return undefined;
    const { message, record } = context;
    const bytes = output.encode(alert, codec.written?.(message, record));
    this.counts.passed++;
    for (const topic of topics) this.counts.topics.set(topic, (this.counts.topics.get(topic) ?? 0) + 1);
    onRouted(message);
    return { topics, bytes, key: context.key };
  }

  private passed(filters: FilterSet, { value, schema }: StreamAlert, context: AlertContext): string[] {
    const topics: string[] = [];
    filters.ask(value, schema, (index, verdict) => {
      if (verdict === true) topics.push(this.options.topics[index]!);
      else this.failed(filters.filters[index]!.name, verdict, context);
    });
    return topics;
  }

  private failed(name: string, error: Error, context: AlertContext): void {
    const before = this.counts.errors.get(name) ?? 0;
    this.counts.errors.set(name, before + 1);
    const text = `filter '${name}': ${printable(error.message, 300)}`;
    if (before === 0) this.options.say(`${text}; such alerts are dead letters, the other filters go on`);
    context.produce(FAILED, new Error(text, { cause: error }));
  }

  private holds({ value, schema }: StreamAlert): boolean {
    const { rules, survey } = this.options;
    if (rules.filter === undefined) return true;
    let condition = this.conditions.get(schema);
    if (!condition) {
      try {
        condition = compileFilter(rules.filter, { schema, survey });
      } catch (error) {
        // No later alert would have the name either.
        throw new FatalError(`the rule '${printable(rules.filter, 200)}': ${toError(error).message}`, {
          code: 'APF_USAGE',
          cause: error,
        });
      }
      this.conditions.set(schema, condition);
    }
    return condition.test(value);
  }
}
