import { UsageError } from '@apf/core';

/** Characters of the text that an error shows around its column. */
const SHOWN = 60;

/** A mistake in an expression. `column` counts from 1. */
export class ExpressionError extends UsageError {
  constructor(
    readonly what: string,
    readonly column: number,
    text: string,
  ) {
    super(`the expression is wrong at column ${column}: ${what} (${excerpt(text, column)})`, {
      code: 'APF_EXPRESSION',
    });
  }
}

/** The text around the column, fit for one line, with a mark before it. */
function excerpt(text: string, column: number): string {
  const at = column - 1;
  const start = Math.max(0, at - SHOWN / 2);
  const end = Math.min(text.length, start + SHOWN);
  // eslint-disable-next-line no-control-regex
  const plain = (part: string): string => part.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  const before = `${start > 0 ? '…' : ''}${plain(text.slice(start, at))}`;
  return `${before}▸${plain(text.slice(at, end))}${end < text.length ? '…' : ''}`;
}
