/**
 * Options as Fink's tools have them, `-nalerts_per_obs 3`, made into `--nalerts-per-obs 3`: one dash before a word, and
 * underscores in it. Single letters (`-h`, `-c FILE`), numbers (`-1`) and all that follows `--` stay as they are.
 */
export function longWords(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (end >= 0 && i >= end ? word : longWord(word)));
}

function longWord(word: string): string {
  const [, name, value = ''] = /^--?([A-Za-z][A-Za-z_-][\w-]*)(=.*)?$/s.exec(word) ?? [];
  return name === undefined ? word : `--${name.replaceAll('_', '-')}${value}`;
}
