import type { TopicSampling } from '../../src/page-api.js';
import { countText, manyText, numberText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';

export interface SamplingNote {
  readonly topic: string;
  readonly text: string;
  /** Whether something is wrong, not just too fast to be shown. */
  readonly bad: boolean;
}

/** What the reader must know of alerts that are not shown, by topic. */
export function samplingNotes(sampling: readonly TopicSampling[]): SamplingNote[] {
  return sampling.flatMap(({ topic, read, shown, oneOf, undecodable, lastError }) => {
    const sampled =
      oneOf > 1
        ? [
            {
              topic: `${topic} sampled`,
              text: `${topic} is fast: showing 1 of ${numberText(Number(oneOf.toPrecision(2)))} (${countText(shown)} of ${countText(read)} so far). The stream's numbers count all.`,
              bad: false,
            },
          ]
        : [];
    const damaged =
      undecodable > 0
        ? [
            {
              topic: `${topic} damaged`,
              text: `${manyText(undecodable, 'message')} of ${topic} cannot be decoded${lastError === null ? '' : `: ${visibleText(lastError)}`}.`,
              bad: true,
            },
          ]
        : [];
    return [...sampled, ...damaged];
  });
}
