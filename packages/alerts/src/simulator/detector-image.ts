import { valueAt } from '../alert-moment.js';

/** What names the image of one detector in one exposure: LSST before schema 7.0 and ELAsTiCC; LSST from then on; ZTF. */
const SURVEYS: readonly (readonly string[])[] = [
  ['diaSource.ccdVisitId'],
  ['diaSource.visit', 'diaSource.detector'],
  ['candidate.pid'],
];

/** The fields that {@link detectorImageOf} reads, as a projection that every survey's schema takes. */
export const DETECTOR_IMAGE_FIELDS: readonly string[] = SURVEYS.flat().map((path) => `${path}?`);

/** Names the exposure and detector that an alert comes from; undefined where it has none of the surveys' fields. */
export function detectorImageOf(alert: unknown): string | undefined {
  for (const paths of SURVEYS) {
    const values = paths.map((path) => valueAt(alert, path));
    if (values.every((value) => typeof value === 'number' || typeof value === 'bigint')) {
      return `${paths[0]} ${values.join(' ')}`;
    }
  }
  return undefined;
}

/** What DMTN-149 has in the middle for a burst: so many alerts are a group where none has a detector. */
const RUN = 50;

/**
 * Groups of alerts, as their places: those of the same image in the order in which they come, the images in the order in
 * which each comes first. Those without one are divided into runs of 50.
 *
 * @param images of each alert, see {@link detectorImageOf}
 */
export function groupsByImage(images: readonly (string | undefined)[]): number[][] {
  const groups = new Map<string | number, number[]>();
  let without = 0;
  for (const [place, image] of images.entries()) {
    const key = image ?? Math.floor(without++ / RUN);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return [...groups.values()];
}
