import { letterReasons, type LetterStore, type StoredLetter } from '@apf/connectors';
import { type Clock, FatalError, hexDump, inspectFile, toError, UsageError } from '@apf/core';
import { fieldTree } from '../alerts/field-tree.js';
import type { LetterRow, LettersView, LetterView, ReplayResult } from '../page-api.js';

/** How often the place is looked at, in ms; one that takes long is looked at less often. */
const INTERVAL = 1_000;
const TIMES_ITS_DURATION = 10;
const MOST_ROWS = 500;
const SHOWN_BYTES = 4_096;
/** More is not decoded for show. */
const MOST_BYTES = 20_000_000;
const LONGEST_TEXT = 2_000;

export interface LetterDeskOptions {
  readonly store: LetterStore;
  /** Sends letters to their topics and marks them; where nobody may, it is undefined. */
  readonly replay?: ((letters: readonly StoredLetter[]) => Promise<number>) | undefined;
  readonly clock: Clock;
  /** The number of letters has changed. */
  readonly onCount: (count: number) => void;
}

/** Dead letters: to look at, and to send again where that is allowed. */
export class LetterDesk {
  private readonly stop = new AbortController();
  private letters: readonly StoredLetter[] = [];
  private error: Error | undefined;
  private known: number | null = null;
  private running: Promise<void> | undefined;
  private looking: Promise<void> | undefined;
  private replaying = false;

  constructor(private readonly options: LetterDeskOptions) {}

  get allowReplay(): boolean {
    return this.options.replay !== undefined;
  }

  /** Null before the first look. */
  get count(): number | null {
    return this.known;
  }

  start(): void {
    this.running ??= this.watch();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  async view(): Promise<LettersView> {
    await this.look();
    if (this.error) throw this.error;
    const latest = [...this.letters].sort((a, b) => (a.time < b.time ? 1 : -1));
    return {
      where: this.options.store.where,
      reasons: letterReasons(this.letters).map((reason) => ({
        ...reason,
        error: reason.error.slice(0, LONGEST_TEXT),
      })),
      letters: latest.slice(0, MOST_ROWS).map(rowOf),
      count: this.letters.length,
      allowReplay: this.allowReplay,
    };
  }

  /** @throws UsageError for one that is not there */
  async find(id: string): Promise<StoredLetter> {
    const found =
      this.letters.find((letter) => letter.id === id) ??
      (await this.look(), this.letters.find((letter) => letter.id === id));
    if (!found) throw new UsageError(`there is no dead letter '${id.slice(0, 300)}' any more`);
    return found;
  }

  async letter(id: string): Promise<LetterView> {
    const letter = await this.find(id);
    const bytes = await letter.bytes();
    const decoded =
      bytes === null || bytes.length > MOST_BYTES
        ? undefined
        : await inspectFile(bytes).catch((error: unknown) => toError(error));
    const inspected = decoded instanceof Error ? undefined : decoded;
    return {
      ...rowOf(letter),
      timestamp: letter.timestamp ?? null,
      key: letter.key?.toString().slice(0, LONGEST_TEXT) ?? null,
      headers: letter.headers.flatMap((header) =>
        Object.entries(header).map(([name, value]) => ({
          name,
          value: value.toString().slice(0, LONGEST_TEXT),
        })),
      ),
      size: bytes?.length ?? null,
      hex: hexDump(bytes?.subarray(0, SHOWN_BYTES) ?? Buffer.alloc(0)),
      framing: inspected?.description.framing ?? null,
      decoded:
        inspected && inspected.values.length > 0
          ? fieldTree(
              inspected.values.length === 1 ? inspected.values[0] : inspected.values,
              inspected.schema,
            )
          : null,
      undecodable:
        inspected?.description.error ??
        (bytes !== null && bytes.length > MOST_BYTES ? 'it is too large to be decoded here' : null) ??
        (decoded instanceof Error ? decoded.message : null),
    };
  }

  /** @throws UsageError for one that is not there, or while others are sent */
  async replay(ids: readonly string[] | 'all'): Promise<ReplayResult> {
    const { replay } = this.options;
    if (!replay) throw new FatalError('this dashboard may only look: run it with --allow-replay');
    if (this.replaying) throw new UsageError('dead letters are being sent: wait until that is done');
    this.replaying = true;
    try {
      await this.look();
      const chosen: StoredLetter[] = [];
      for (const id of ids === 'all' ? this.letters.map((letter) => letter.id) : new Set(ids))
        chosen.push(await this.find(id));
      const replayed = await replay(chosen);
      return { replayed };
    } finally {
      this.replaying = false;
      await this.look();
    }
  }

  private async watch(): Promise<void> {
    const { clock } = this.options;
    while (!this.stop.signal.aborted) {
      const began = clock.now();
      await this.look();
      const took = clock.now() - began;
      await clock.sleep(Math.max(INTERVAL, took * TIMES_ITS_DURATION), this.stop.signal);
    }
  }

  private look(): Promise<void> {
    this.looking ??= this.list().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async list(): Promise<void> {
    try {
      this.letters = await this.options.store.list();
      this.error = undefined;
    } catch (error) {
      this.error = toError(error);
      return;
    }
    if (this.known === this.letters.length) return;
    this.known = this.letters.length;
    this.options.onCount(this.known);
  }
}

const rowOf = ({
  id,
  topic,
  partition,
  offset,
  code,
  error,
  stage,
  step,
  time,
}: StoredLetter): LetterRow => ({
  id,
  topic,
  partition,
  offset,
  code,
  error: error.slice(0, LONGEST_TEXT),
  stage,
  step,
  time,
});
