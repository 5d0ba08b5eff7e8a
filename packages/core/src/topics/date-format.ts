import strftime from 'strftime';
import { UsageError } from '../errors.js';
import { DAY, type CalendarDay } from './local-calendar.js';

const format = strftime.utc();

/** The directives that name a date and that strftime 0.10.3 writes as Python does. */
const DIRECTIVES = 'aAbBCdDeFhjmuUvwWxyY%';

/**
 * Checks a strftime format for the date in a topic's name.
 * @throws UsageError where a directive is not supported, is of the time of day, or where there is none.
 */
export function checkDateFormat(text: string, where: string): void {
  const refuse = (why: string): never => {
    throw new UsageError(`${where}: date_format '${text}' ${why}`, { code: 'APF_SETTINGS' });
  };
  const directives = [...text.matchAll(/%[-_0:]*(.?)/gs)].map(([all, letter]) => ({
    all,
    letter: letter ?? '',
  }));
  for (const { all, letter } of directives) {
    if (letter === '') refuse(`ends in ${all}`);
    if (!DIRECTIVES.includes(letter)) {
      refuse(
        `uses ${all}, which is not supported; a date can be made of %Y %y %m %d %j %b %B %a %A %U %W %u %w`,
      );
    }
  }
  if (directives.every(({ letter }) => letter === '%')) refuse("holds no date; write for example '%Y%m%d'");
}

/** strftime knows no named zones, so it is given the day's fields as a UTC date; at noon, far from any clock change. */
export function formatDay(text: string, day: CalendarDay): string {
  return format(text, new Date(day + DAY / 2));
}
