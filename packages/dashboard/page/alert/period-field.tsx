import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { parsePeriod } from './fold.js';

interface Props {
  /** The period that the alert names [d]. */
  readonly known: number | null;
  /** What the curve is folded on now. */
  readonly period: number | null;
  readonly choose: (period: number | null) => void;
}

/** A period to fold on: typed, or the alert's own; half and twice of it, since period searches err by these. */
export function PeriodField({ known, period, choose }: Props): JSX.Element {
  const [text, setText] = useState('');
  const ids = { input: useId(), error: useId() };
  const wrong = text.trim() !== '' && parsePeriod(text) === null;
  const take = (value: number): void => {
    const rounded = Number(value.toPrecision(9));
    setText(String(rounded));
    choose(rounded);
  };
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        choose(parsePeriod(text));
      }}
    >
      <label for={ids.input}>Period [d]</label>
      <span class="joined">
        <input
          id={ids.input}
          class="period"
          inputMode="decimal"
          value={text}
          placeholder="0.5123, 8 h"
          autocomplete="off"
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? ids.error : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" disabled={wrong || text.trim() === ''}>
          Fold
        </button>
        {known !== null && period === null && (
          <button type="button" onClick={() => take(known)}>
            Alert’s: {Number(known.toPrecision(6))} d
          </button>
        )}
        {period !== null && (
          <>
            <button type="button" aria-label="Half the period" onClick={() => take(period / 2)}>
              ÷2
            </button>
            <button type="button" aria-label="Twice the period" onClick={() => take(period * 2)}>
              ×2
            </button>
            <button type="button" onClick={() => choose(null)}>
              Unfold
            </button>
          </>
        )}
      </span>
      {wrong && (
        <span id={ids.error} class="bad" role="alert">
          a period is a number of days, or of h, min or s
        </span>
      )}
    </form>
  );
}
