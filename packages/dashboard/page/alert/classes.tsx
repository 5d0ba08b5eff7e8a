import type { JSX } from 'preact';
import type { Classification } from '../../src/page-api.js';
import { visibleText } from '../text/visible-text.js';

/** What a classifier takes the alert for, in numbers and as bars. */
export function Classes({ of: { classifier, all, name, probability } }: { of: Classification }): JSX.Element {
  const shown = all.length > 0 ? all : probability === null ? [] : [{ name, probability }];
  return (
    <section class="classes" aria-label={`Classes by ${classifier}`}>
      <h2>
        {visibleText(name)} <span class="quiet">by {visibleText(classifier)}</span>
      </h2>
      <ul>
        {shown.map(({ name: one, probability: part }) => (
          <li key={one}>
            <span>{visibleText(one)}</span>
            <meter min={0} max={1} value={part} aria-label={visibleText(one)} />
            <span class="number">{part.toFixed(3)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
