import type { JSX } from 'preact';
import { visibleText } from '../text/visible-text.js';
import type { ApiFailure } from './api.js';

/** What went wrong, in the server's words, and a way on. */
export function Failure({ of, retry }: { of: ApiFailure; retry?: () => void }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <p>
        {visibleText(of.message)} {of.code !== '' && <code>{of.code}</code>}
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
