import type { ConsumeCounts } from './consume-step.js';

/** What became of a stream that was read. */
export interface Consumed {
  readonly counts: ConsumeCounts;
  /** Messages that were not read, and alerts that were. */
  readonly decoded: number;
  readonly unreadable: number;
  readonly empty: number;
  readonly expired: number;
  /** Where files were saved one by one: those written, and those that were there already. */
  readonly files: { readonly written: number; readonly known: number } | undefined;
  /** Messages that were left out because files of many hold them already. */
  readonly skipped: number;
}

/** @param all at least one */
export function sumOf(all: readonly Consumed[]): Consumed {
  return all.reduce((a, b) => ({
    counts: {
      out: a.counts.out + b.counts.out,
      filtered: a.counts.filtered + b.counts.filtered,
      repeated: a.counts.repeated + b.counts.repeated,
      otherTime: a.counts.otherTime + b.counts.otherTime,
      thinned: a.counts.thinned + b.counts.thinned,
    },
    decoded: a.decoded + b.decoded,
    unreadable: a.unreadable + b.unreadable,
    empty: a.empty + b.empty,
    expired: a.expired + b.expired,
    files:
      a.files && b.files
        ? { written: a.files.written + b.files.written, known: a.files.known + b.files.known }
        : (a.files ?? b.files),
    skipped: a.skipped + b.skipped,
  }));
}

/**
 * One line.
 * @param folder where alerts were saved @param undecoded where messages are kept that could not be read
 */
export function consumedText(
  { counts, unreadable, empty, expired, files, skipped }: Consumed,
  folder: string | undefined,
  undecoded: string | undefined,
): string {
  const kept = undecoded === undefined ? '' : ` (kept in ${undecoded})`;
  const left: [number, string][] = [
    [counts.filtered, 'did not pass the filter'],
    [counts.repeated, counts.repeated === 1 ? 'was a repeat' : 'were repeats'],
    [counts.otherTime, `${counts.otherTime === 1 ? 'was' : 'were'} of another time`],
    [counts.thinned, `${counts.thinned === 1 ? 'was' : 'were'} left out by --every`],
    [unreadable, `could not be read${kept}`],
    [empty, `${empty === 1 ? 'was' : 'were'} empty`],
    [expired, 'had expired on the broker'],
  ];
  const out = left.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [counted(counts.out, 'alert'), ...out, ...savedText(files, skipped, folder)].join(', ');
}

function savedText(files: Consumed['files'], skipped: number, folder: string | undefined): string[] {
  if (folder === undefined) return [];
  if (!files) {
    const before = `${counted(skipped, 'message')} ${skipped === 1 ? 'was' : 'were'} there already`;
    return [`saved to ${folder}`, ...(skipped === 0 ? [] : [before])];
  }
  const known =
    files.known === 0 ? [] : [`${files.known} ${files.known === 1 ? 'was' : 'were'} there already`];
  return [`${counted(files.written, 'file')} written to ${folder}`, ...known];
}

/** `1 alert`, `2 alerts` */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
