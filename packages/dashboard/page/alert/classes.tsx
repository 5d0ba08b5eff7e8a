import type { JSX } from 'preact';
import type { Classification } from '../../src/page-api.js';
import { visibleText } from '../text/visible-text.js';

/** What a classifier takes the alert for, in numbers and as bars. */
export function Classes({ of: { classifier, all, name, probability } }: { of: Classification }): JSX.Element {
  const shown = all.length > 0 ? all : [{ name, probability: probability ?? NaN }];
  return (
    <section class="classes" aria-label={`Classes by ${classifier}`}>
      <h2>
        {visibleText(name)} <span class="quiet">by {visibleText(classifier)}</span>
      </h2>
      <ul>
        {shown.map(({ name: one, probability: part }) => (
          <li key={one}>
            <span>{visibleText(one)}</span>
            <meter min={0} max={1} value={Number.isFinite(part) ? part : 0} aria-label={visibleText(one)} />
            <span class="number">{Number.isFinite(part) ? part.toFixed(3) : '–'}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
