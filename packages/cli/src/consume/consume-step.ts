import { compileFilter, type Expression, identityOf, msOfMjdUtc, type SurveyName } from '@apf/alerts';
import { type AvroSchema, FatalError, Step, type StreamAlert } from '@apf/core';

export interface ConsumeStepOptions {
  readonly filter: string | undefined;
  readonly every: number | undefined;
  readonly unique: boolean;
  readonly survey: SurveyName | undefined;
  /** The alerts' own times that are wanted, in ms since 1970. */
  readonly observed: { readonly since: number | undefined; readonly until: number | undefined } | undefined;
}

/** What became of the alerts. */
export interface ConsumeCounts {
  /** Put out. */
  out: number;
  /** Left out: by the filter, as seen before, by their time, by `every`. */
  filtered: number;
  repeated: number;
  otherTime: number;
  thinned: number;
}

/** Ids that are remembered; the oldest go. A night of LSST has ten million. */
const REMEMBERED = 5_000_000;

/** Lets through the alerts that are wanted, with the object that they were read to, unchanged. */
export class ConsumeStep extends Step<StreamAlert, StreamAlert> {
  readonly counts: ConsumeCounts = { out: 0, filtered: 0, repeated: 0, otherTime: 0, thinned: 0 };
  private readonly seen = new Set<string>();
  private readonly filters = new Map<AvroSchema | undefined, Expression>();
  private passed = 0;
  private readonly plain: boolean;

  constructor(private readonly options: ConsumeStepOptions) {
    super();
    const { filter, every, unique, observed } = options;
    this.plain = filter === undefined && every === undefined && !unique && observed === undefined;
    // Mistakes in the text are found before anything is read; names are checked once a schema is known.
    if (filter !== undefined) compileFilter(filter);
  }

  override execute(alert: StreamAlert): StreamAlert | undefined {
    if (!this.plain && !this.wanted(alert)) return undefined;
    this.counts.out++;
    return alert;
  }

  private wanted(alert: StreamAlert): boolean {
    const { every, unique, observed } = this.options;
    if (observed && !this.inTime(alert.value, observed)) return this.no('otherTime');
    if (this.options.filter !== undefined && !this.filterFor(alert.schema).test(alert.value))
      return this.no('filtered');
    if (unique && !this.isNew(alert.value)) return this.no('repeated');
    if (every !== undefined && ++this.passed % every !== 0) return this.no('thinned');
    return true;
  }

  private no(why: 'otherTime' | 'filtered' | 'repeated' | 'thinned'): false {
    this.counts[why]++;
    return false;
  }

  private filterFor(schema: AvroSchema | undefined): Expression {
    let filter = this.filters.get(schema);
    if (!filter) {
      const { survey } = this.options;
      try {
        filter = compileFilter(this.options.filter!, {
          ...(schema ? { schema } : {}),
          ...(survey ? { survey } : {}),
        });
      } catch (error) {
        // No later alert would have the name either.
        throw new FatalError((error as Error).message, { code: 'APF_EXPRESSION', cause: error });
      }
      this.filters.set(schema, filter);
    }
    return filter;
  }

  private inTime(
    alert: unknown,
    { since, until }: { since: number | undefined; until: number | undefined },
  ): boolean {
    const time = identityOf(alert)?.time;
    if (!time) return false;
    const ms = msOfMjdUtc(time.mjdUtc);
    return (since === undefined || ms >= since) && (until === undefined || ms < until);
  }

  private isNew(alert: unknown): boolean {
    const identity = identityOf(alert);
    const id = identity?.alertId ?? idOf(alert);
    if (id === undefined) return true;
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value!);
    return true;
  }
}

/** The id of what is no alert of a known survey: a classification has that of its alert. */
function idOf(alert: unknown): string | undefined {
  const fields = (alert ?? {}) as Readonly<Record<string, unknown>>;
  const id = fields.candid ?? fields.diaSourceId;
  return ['string', 'number', 'bigint'].includes(typeof id) ? String(id) : undefined;
}
