/** One option as it was met: its letter, and its argument where it takes one. */
export interface Met {
  readonly letter: string;
  readonly argument?: string | undefined;
}

/** What stops bash's `getopts`: an unknown letter, or an option without its argument. */
export interface Stopped {
  readonly problem: 'unknown' | 'no-argument';
  readonly letter: string;
  /** What was read before it. */
  readonly met: readonly Met[];
}

/**
 * Reads options as bash's `getopts` does: `-a -u Bob`, `-uBob`, `-du Bob`. It ends at the first word that is no option.
 * @param declared letters, each that takes an argument followed by a colon: `adu:p:h`
 */
export function getopts(argv: readonly string[], declared: string): readonly Met[] | Stopped {
  const met: Met[] = [];
  const words = [...argv];
  for (;;) {
    const word = words.shift();
    if (word === undefined || word === '--' || !/^-./s.test(word)) return met;
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      const found = letter === ':' ? -1 : declared.indexOf(letter);
      if (found < 0) return { problem: 'unknown', letter, met };
      if (declared[found + 1] !== ':') {
        met.push({ letter });
        continue;
      }
      const attached = word.slice(at + 1);
      const argument = attached === '' ? words.shift() : attached;
      if (argument === undefined) return { problem: 'no-argument', letter, met };
      met.push({ letter, argument });
      break;
    }
  }
}

/** The last argument of each letter that was met; an option without one has ''. */
export function argumentsByLetter(met: readonly Met[]): ReadonlyMap<string, string> {
  return new Map(met.map(({ letter, argument = '' }) => [letter, argument]));
}
