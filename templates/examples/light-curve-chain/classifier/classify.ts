import type { LcClassification } from '@apf/alerts';
import type { Feature } from './features.js';

/** The classes of ALeRCE's light-curve classifier, by what they are of. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  Transient: ['SNIa', 'SNIbc', 'SNII', 'SLSN'],
  Stochastic: ['QSO', 'AGN', 'Blazar', 'CV/Nova', 'YSO'],
  Periodic: ['LPV', 'E', 'DSCT', 'RRL', 'CEP', 'Periodic-Other'],
};

type Probabilities = Pick<LcClassification['lc_classification'], 'probabilities' | 'hierarchical'>;

/**
 * Rules of thumb, where ALeRCE has a trained random forest: put a model of your own here. A transient is always brighter
 * than its reference; of the rest stars are periodic and galaxies stochastic. Within each the classes are equally likely.
 */
export function classify(features: readonly Feature[]): Probabilities {
  const value = (published: string): number =>
    features.find((feature) => feature.published === published)?.value ?? NaN;
  const positive = (value('positive_fraction_1') + value('positive_fraction_2')) / 2;
  const star = Number.isNaN(value('sgscore1')) ? 0.5 : value('sgscore1');
  const transient = positive > 0.95 ? 0.9 * (1 - star) : 0.02;
  const top: Record<string, number> = {
    Transient: transient,
    Stochastic: (1 - transient) * (1 - star),
    Periodic: (1 - transient) * star,
  };
  const children: Record<string, Record<string, number>> = {};
  const probabilities: Record<string, number> = {};
  for (const [branch, classes] of Object.entries(CLASSES)) {
    children[branch] = Object.fromEntries(classes.map((name) => [name, 1 / classes.length]));
    for (const name of classes) probabilities[name] = top[branch]! / classes.length;
  }
  return { probabilities, hierarchical: { top, children } };
}
