import type { StreamSnapshot } from '../../src/page-api.js';
import { countText, manyText } from '../text/numbers.js';
import { durationText } from '../text/times.js';

/** Something that whoever runs the steps should look at. */
export interface Trouble {
  /** Stays the same while the trouble lasts. */
  readonly key: string;
  readonly what: string;
  /** What changes meanwhile. */
  readonly detail: string;
}

/** What is wrong in a stream now, the worst first. */
export function troublesOf(now: StreamSnapshot): Trouble[] {
  const broker =
    now.error === null ? [] : [{ key: 'broker', what: 'The broker cannot be asked', detail: now.error }];
  const stalls = now.groups.flatMap(({ name, lag, stalled, stillSince, members }) => {
    if (!stalled) return [];
    const since =
      stillSince === null
        ? ''
        : `for ${durationText(Math.max(0, Math.round((now.time - stillSince) / 1000)))}, `;
    const nobody = members === 0 ? ', and nobody reads' : '';
    return [
      {
        key: `group ${name}`,
        what: `Group ${name} stands still`,
        detail: `${since}${lag === null ? 'messages wait' : `${manyText(lag, 'message')} ${lag === 1 ? 'waits' : 'wait'}`}${nobody}`,
      },
    ];
  });
  const down = now.steps.flatMap(({ name, where, up, error }) =>
    up
      ? []
      : [{ key: `step ${name} ${where}`, what: `Step ${name} does not answer`, detail: error ?? where }],
  );
  return [...broker, ...stalls, ...down];
}

/** In one line: that all is well, or how much is not. */
export function stateText(now: StreamSnapshot): string {
  const troubles = troublesOf(now);
  if (troubles.length > 0) return manyText(troubles.length, 'trouble');
  const lags = now.groups.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  if (lags.length === 0) return 'No group reads here yet.';
  const waiting = lags.reduce((sum, lag) => sum + lag, 0);
  return waiting === 0
    ? 'All groups are up to date.'
    : `All groups go on; ${countText(waiting)} messages wait.`;
}
