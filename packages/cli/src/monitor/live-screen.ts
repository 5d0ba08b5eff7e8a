/** Lines that are drawn over the last ones. */
export interface Screen {
  /** Characters of a line; Infinity where nothing limits it. */
  readonly width: number;
  draw(lines: readonly string[]): void;
  /** What was drawn last stays to be read. */
  close(): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_REST = '\u001b[J';

/** A terminal's other screen, redrawn in place, so that what stood there before comes back. */
export function liveScreen(out: NodeJS.WriteStream): Screen {
  let last: readonly string[] = [];
  const paint = (): void => {
    const { rows = 24 } = out;
    const shown =
      last.length > rows ? [...last.slice(0, rows - 1), `… ${last.length - rows + 1} more lines`] : last;
    out.write(HOME + shown.map((line) => line + CLEAR_LINE).join('\r\n') + CLEAR_REST);
  };
  const leave = (): void => void out.write(LEAVE);
  out.write(ENTER);
  out.on('resize', paint);
  // Whatever ends the process, the terminal is given back.
  process.once('exit', leave);
  return {
    get width() {
      return out.columns ?? 80;
    },
    draw(lines) {
      last = lines;
      paint();
    },
    close() {
      out.off('resize', paint);
      process.off('exit', leave);
      leave();
      if (last.length > 0) out.write(`${last.join('\n')}\n`);
    },
  };
}

/** Lines below one another, for a file or a pipe. */
export function plainScreen(): Screen {
  return {
    width: Infinity,
    draw: (lines) => console.log(`${lines.join('\n')}\n`),
    close: () => undefined,
  };
}
