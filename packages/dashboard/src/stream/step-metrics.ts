import { type Clock, toError } from '@apf/core';
import type { StepState } from '../page-api.js';
import { type ExposedSample, parseExposition } from './exposition.js';

/** How often a step is asked, in ms, and how long it may take to answer. */
const INTERVAL = 1_000;
const PATIENCE = 2_000;
/** Over how long rates and latencies are taken, in ms. */
const WINDOW = 10_000;
/** A page of metrics is some 20 kB. */
const MOST_BYTES = 4_000_000;

interface Scrape {
  readonly at: number;
  readonly samples: readonly ExposedSample[];
}

/** Steps that tell of themselves at `/metrics`. */
export class StepMetrics {
  private readonly watched: Watched[];

  /** @param urls of the steps' /metrics */
  constructor(
    urls: readonly URL[],
    private readonly clock: Clock,
  ) {
    this.watched = urls.map((url) => new Watched(url, clock));
  }

  /** What is known of each now; whoever has not been asked for a second is asked, and answers the next time. */
  async look(): Promise<readonly StepState[]> {
    for (const step of this.watched) step.ask();
    return this.watched.map((step) => step.state(this.clock.now()));
  }
}

class Watched {
  private readonly scrapes: Scrape[] = [];
  private error: string | null = 'it was not asked yet';
  private asked = -Infinity;
  private asking = false;
  /** Without a name and a password: those are told to the step alone. */
  private readonly url: URL;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    url: URL,
    private readonly clock: Clock,
  ) {
    this.headers = loginOf(url);
    this.url = new URL(url);
    this.url.username = this.url.password = '';
  }

  ask(): void {
    const now = this.clock.now();
    if (this.asking || now - this.asked < INTERVAL) return;
    this.asked = now;
    this.asking = true;
    void this.scrape()
      .then(
        () => (this.error = null),
        (error: unknown) => (this.error = reasonOf(error)),
      )
      .finally(() => (this.asking = false));
  }

  state(now: number): StepState {
    const where = this.url.host;
    const last = this.scrapes.at(-1)?.samples ?? [];
    const first = this.scrapes[0];
    const up = this.error === null;
    const seconds = first ? ((this.scrapes.at(-1)?.at ?? now) - first.at) / 1_000 : 0;
    const rate =
      first && seconds > 0
        ? Math.max(0, total(last, 'apf_executed_total') - total(first.samples, 'apf_executed_total')) /
          seconds
        : null;
    return {
      name: last.find(({ labels }) => labels.step !== undefined)?.labels.step?.slice(0, 80) ?? where,
      where,
      up,
      error: this.error,
      rate: up ? rate : null,
      lag: up ? total(last, 'apf_lag') : null,
      deadLetters: up ? total(last, 'apf_dead_letters_total') : null,
      retries: up ? total(last, 'apf_retries_total') : null,
      latency: up && first ? latencyOf(first.samples, last) : null,
    };
  }

  private async scrape(): Promise<void> {
    const response = await fetch(this.url, {
      headers: this.headers,
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const text = await response.text();
    if (text.length > MOST_BYTES) throw new Error('its answer is too long for metrics');
    const at = this.clock.now();
    this.scrapes.push({ at, samples: parseExposition(text) });
    while (this.scrapes.length > 2 && this.scrapes[1]!.at <= at - WINDOW) this.scrapes.shift();
  }
}

/** The name and the password of an URL as HTTP sends them (RFC 7617). */
function loginOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}

/** An URL may have a % that begins no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const total = (samples: readonly ExposedSample[], wanted: string): number =>
  samples.reduce((sum, { name, value }) => (name === wanted ? sum + value : sum), 0);

/** The bounds below which 50, 95 and 99 % of the alerts between two scrapes were; null where there was none. */
export function latencyOf(
  before: readonly ExposedSample[],
  after: readonly ExposedSample[],
): StepState['latency'] {
  const buckets = (samples: readonly ExposedSample[]): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const { name, labels, value } of samples) {
      if (name !== 'apf_latency_seconds_bucket' || labels.phase !== 'broker') continue;
      const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
      counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
    return counts;
  };
  const [earlier, later] = [buckets(before), buckets(after)];
  const bounds = [...later.keys()].sort((a, b) => a - b);
  const countTo = (bound: number): number => later.get(bound)! - (earlier.get(bound) ?? 0);
  const all = bounds.length === 0 ? 0 : countTo(bounds.at(-1)!);
  if (!(all > 0)) return null;
  const finite = bounds.filter(Number.isFinite);
  const quantile = (part: number): number =>
    finite.find((bound) => countTo(bound) >= part * all) ?? finite.at(-1) ?? 0;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}

/** What `fetch` says is in the cause. */
function reasonOf(thrown: unknown): string {
  const error = toError(thrown);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
