import { solarSystemNeighbour, valueAt } from '@apf/alerts';
import type { Classification } from '../page-api.js';

/** Where classifiers write their probabilities, and their names. */
const CLASSIFIERS = [
  ['lc_classification.probabilities', 'ALeRCE light curve'],
  ['probabilities', 'ALeRCE stamp'],
] as const;
/** A hostile record may have any number of fields. */
const MOST_CLASSES = 50;

/** SIMBAD's answer where it has none. */
const NO_TYPE = ['', 'Unknown', 'Fail'];
/** Fink's `roid`: 3 is a known body of the solar system, 2 a candidate for one. */
const ROID = new Map([
  [3, 'solar system'],
  [2, 'solar system candidate'],
]);

/** What an alert, or a broker's copy of it, says that it is; null where it says nothing. */
export function classificationOf(alert: unknown): Classification | null {
  for (const [path, classifier] of CLASSIFIERS) {
    const all = probabilitiesAt(alert, path);
    const [first] = all;
    if (first) return { name: first.name, classifier, probability: first.probability, all };
  }
  const known = (name: string, classifier: string): Classification => ({
    name,
    classifier,
    probability: null,
    all: [],
  });
  const roid = ROID.get(Number(valueAt(alert, 'roid')));
  if (roid !== undefined) return known(roid, 'Fink');
  const simbad = valueAt(alert, 'cdsxmatch') ?? valueAt(alert, 'xm.simbad_otype');
  if (typeof simbad === 'string' && !NO_TYPE.includes(simbad)) return known(simbad.slice(0, 60), 'SIMBAD');
  if (solarSystemNeighbour(alert)) return known('solar system', 'ZTF');
  const body = valueAt(alert, 'diaSource.ssObjectId');
  return typeof body === 'bigint' && body > 0n ? known('solar system', 'LSST') : null;
}

function probabilitiesAt(alert: unknown, path: string): Classification['all'] {
  const value = valueAt(alert, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .slice(0, MOST_CLASSES)
    .flatMap(([name, probability]) =>
      typeof probability === 'number' && Number.isFinite(probability)
        ? [{ name: name.slice(0, 60), probability }]
        : [],
    )
    .sort((a, b) => b.probability - a.probability);
}
