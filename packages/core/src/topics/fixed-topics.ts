import type { TopicStrategy } from '../contracts.js';
import { UsageError } from '../errors.js';
import { checkTopic } from './topic-name.js';

/** Of names with commas between: finding the commas takes the square of it. */
const LONGEST = 20_000;

/** The same topics always: comma-separated text or a list, of names and of regular expressions that begin with `^`. */
export class FixedTopics implements TopicStrategy {
  readonly #topics: readonly string[];

  /** @param where the setting that holds them, for the errors. */
  constructor(topics: string | readonly string[], where = 'TOPICS') {
    if (typeof topics === 'string' && topics.length > LONGEST)
      throw new UsageError(`${where} has ${topics.length} characters; ${LONGEST} at most are read`, {
        code: 'APF_SETTINGS',
      });
    const names = (
      typeof topics === 'string' ? splitTopics(topics) : topics.map((topic) => topic.trim())
    ).filter((topic) => topic !== '');
    if (names.length === 0) {
      throw new UsageError(`${where} names no topic`, { code: 'APF_SETTINGS' });
    }
    for (const name of names) checkTopic(name, where);
    this.#topics = [...new Set(names)];
  }

  topics(): string[] {
    return [...this.#topics];
  }

  nextChange(): null {
    return null;
  }
}

/** Splits at commas, but not at those inside the brackets of a regular expression: `^ztf_[0-9]{7,8}`. */
function splitTopics(text: string): string[] {
  return text.split(/,(?![^{]*\}|[^[]*\]|[^(]*\))/).map((topic) => topic.trim());
}
