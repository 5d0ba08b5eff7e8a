/** Length of a FITS block and of a header line ("card"), in bytes (FITS standard 4.0, sections 3.1 and 3.2). */
export const BLOCK = 2880;
const CARD = 80;

/** Keywords whose values the standard wants in fixed columns (section 4.2): their end is column 30. */
const FIXED = /^(?:SIMPLE|BITPIX|NAXIS\d{0,3}|PCOUNT|GCOUNT)$/;

export type CardValue = string | number | boolean;

export interface FitsHeader {
  readonly cards: ReadonlyMap<string, CardValue>;
  /** Where the data begin. */
  readonly end: number;
  /** What is not as the standard says, though it could be read. */
  readonly deviations: readonly string[];
}

/** Bytes up to the next border of blocks. */
export function toBlock(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

/** Reads the header that begins at `start`; undefined where it has no END. */
export function readHeader(file: Buffer, start: number): FitsHeader | undefined {
  const cards = new Map<string, CardValue>();
  const deviations: string[] = [];
  for (let at = start; at + CARD <= file.length; at += CARD) {
    const line = file.toString('latin1', at, at + CARD);
    const keyword = line.slice(0, 8).trimEnd();
    if (keyword === 'END') {
      const end = start + toBlock(at + CARD - start);
      if (/[^ ]/.test(file.toString('latin1', at + 3, Math.min(end, file.length))))
        deviations.push('the header is not filled up with spaces');
      return { cards, end, deviations };
    }
    if (/[^ -~]/.test(line)) deviations.push('the header has a character that is not printable ASCII');
    if (line[8] !== '=') continue;
    if (line[9] !== ' ') deviations.push(`${keyword} has no space after its =`);
    const value = parseValue(line.slice(9));
    if (value === undefined) continue;
    cards.set(keyword, value);
    if (FIXED.test(keyword) && line.slice(10, 30) !== String(value === true ? 'T' : value).padStart(20))
      deviations.push(`${keyword} does not end in column 30`);
  }
  return undefined;
}

/** A text in quotes, in which a quote stands twice, a logical, or a number; anything else as its text. */
function parseValue(field: string): CardValue | undefined {
  const quoted = /^ *'((?:[^']|'')*)'/.exec(field);
  // Spaces at the end of a text do not count, and one before it is its own.
  if (quoted) return quoted[1]!.replaceAll("''", "'").trimEnd();
  const text = field.split('/')[0]!.trim();
  if (text === '') return undefined;
  if (text === 'T' || text === 'F') return text === 'T';
  const number = Number(text.replace(/[dD]/, 'e'));
  return Number.isNaN(number) ? text : number;
}
