/** First code point of braille patterns, and the bit of each dot by column and row (Unicode 15, block 2800). */
const BRAILLE = 0x2800;
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** The 256-colour palette's index, or undefined for the terminal's own colour. */
export type Colour = number | undefined;

interface Cell {
  dots: number;
  text: string | undefined;
  colour: Colour;
}

/** Characters of two by four dots each, over which single characters can be put. */
export class BrailleCanvas {
  private readonly cells: Cell[];

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.cells = Array.from({ length: columns * rows }, () => ({
      dots: 0,
      text: undefined,
      colour: undefined,
    }));
  }

  /** Dots across and down. */
  get width(): number {
    return 2 * this.columns;
  }

  get height(): number {
    return 4 * this.rows;
  }

  /** Sets a dot; one outside is not seen. */
  dot(x: number, y: number, colour?: Colour): void {
    const cell = this.cell(x, y);
    if (!cell) return;
    cell.dots |= DOTS[Math.floor(x) % 2]![Math.floor(y) % 4]!;
    cell.colour = colour ?? cell.colour;
  }

  /** A vertical line, both ends included. */
  bar(x: number, from: number, to: number, colour?: Colour): void {
    const [top, bottom] = [Math.max(0, Math.min(from, to)), Math.min(this.height - 1, Math.max(from, to))];
    for (let y = Math.floor(top); y <= bottom; y++) this.dot(x, y, colour);
  }

  /** Puts a character where the dot would be, over what is there. */
  text(x: number, y: number, character: string, colour?: Colour): void {
    const cell = this.cell(x, y);
    if (cell) Object.assign(cell, { text: character, colour });
  }

  /** The rows of the canvas, with colours if they are wanted. */
  lines(withColour: boolean): string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      this.cells
        .slice(row * this.columns, (row + 1) * this.columns)
        .map(({ dots, text, colour }) => {
          const character = text ?? (dots === 0 ? ' ' : String.fromCharCode(BRAILLE + dots));
          return withColour && colour !== undefined && character !== ' '
            ? `\u001b[38;5;${colour}m${character}\u001b[0m`
            : character;
        })
        .join(''),
    );
  }

  private cell(x: number, y: number): Cell | undefined {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) return undefined;
    return this.cells[Math.floor(y / 4) * this.columns + Math.floor(x / 2)];
  }
}
