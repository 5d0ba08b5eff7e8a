/**
 * A declination such as `-05:30:00` or `-5d30m` begins with a dash and is no option: with a space in front it is taken for
 * the argument that it is. Plain negative numbers are told apart already.
 */
export function negativeAngles(argv: readonly string[]): string[] {
  return argv.map((word) => (/^-[\d.]/.test(word) && Number.isNaN(Number(word)) ? ` ${word}` : word));
}
