/**
 * The class with the greatest probability, or null if that is below `threshold` or none is a finite number. Of equal
 * ones the first in the order of the keys wins. Takes what a classifier's topic gives: a record or a map of floats,
 * null or undefined for a class without a probability.
 */
export function topClass<Class extends string>(
  probabilities: Readonly<Record<Class, number | null | undefined>>,
  threshold = 0,
): Class | null {
  let best: Class | null = null;
  let greatest = -Infinity;
  for (const name of Object.keys(probabilities) as Class[]) {
    const probability = probabilities[name];
    if (typeof probability === 'number' && Number.isFinite(probability) && probability > greatest) {
      best = name;
      greatest = probability;
    }
  }
  return greatest >= threshold ? best : null;
}
