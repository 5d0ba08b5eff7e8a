import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../frame/api.js';
import { visibleText } from '../text/visible-text.js';

interface Props {
  /** The filter in force. */
  readonly filter: string;
  /** Why the server did not take it. */
  readonly failure: ApiFailure | undefined;
  readonly apply: (filter: string) => void;
}

/** An expression that alerts must pass; what is wrong in it stands below, with the place. */
export function FilterField({ filter, failure, apply }: Props): JSX.Element {
  const [text, setText] = useState(filter);
  const ids = { input: useId(), help: useId(), error: useId() };
  return (
    <form
      class="field filter"
      onSubmit={(event) => {
        event.preventDefault();
        apply(text.trim());
      }}
    >
      <label for={ids.input}>Filter</label>
      <span class="joined">
        <input
          id={ids.input}
          class="mono"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          placeholder="mag < 19 and snr > 5"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={failure ? true : undefined}
          aria-describedby={failure ? `${ids.error} ${ids.help}` : ids.help}
        />
        <button type="submit">Apply</button>
        {filter !== '' && (
          <button type="button" onClick={() => apply('')}>
            Clear
          </button>
        )}
      </span>
      {failure && (
        <div id={ids.error} class="bad" role="alert">
          {visibleText(failure.message)}
          {failure.at !== undefined && <Place text={filter} at={failure.at} />}
        </div>
      )}
      <details id={ids.help} class="help">
        <summary>What a filter can say</summary>
        <p>
          Fields by their paths (<code>candidate.rb &gt; 0.6</code>), and names that every survey has:{' '}
          <code>ra</code>, <code>dec</code>, <code>mjd</code>, <code>band</code>, <code>mag</code>,{' '}
          <code>flux</code>, <code>snr</code>, <code>age</code>, <code>ndet</code>. Joined by <code>and</code>
          , <code>or</code>, <code>not</code>; places by <code>cone(150.1, 2.2, 3600)</code> in degrees and
          arcseconds. It is what <code>apf consume --where</code> takes.
        </p>
      </details>
    </form>
  );
}

/** The expression up to where it is wrong, and a mark there. */
function Place({ text, at }: { text: string; at: number }): JSX.Element {
  return (
    <code class="place">
      {visibleText(text.slice(0, at))}
      <mark>{visibleText(text.slice(at)) || '⌷'}</mark>
    </code>
  );
}
