/** What ZTF knows of a detection and of the nearest source of the reference image. */
export interface DifferencePhotometry {
  /** 1 brighter than the reference, -1 fainter. */
  readonly isdiffpos: 1 | -1;
  /** Magnitude of the difference and its standard error [mag]. */
  readonly mag: number;
  readonly e_mag: number;
  /** Magnitude of the source of the reference and its standard error [mag]. */
  readonly magnr: number | null;
  readonly sigmagnr: number | null;
  /** Distance to it. */
  readonly distnr: number | null;
}

export interface CorrectedMagnitude {
  /** Whether there is a source of the reference so close that it is the same one. */
  readonly corrected: boolean;
  /** Apparent magnitude; null where it is not corrected, or where the reference leaves no flux. */
  readonly mag_corr: number | null;
  /** Its standard error if the source is unresolved; null where the errors of the reference exceed it. */
  readonly e_mag_corr: number | null;
  /** Its standard error if the source is extended. */
  readonly e_mag_corr_ext: number | null;
}

/** ALeRCE takes the source of the reference for the object itself up to this `distnr`. */
const SAME_SOURCE = 1.4;

const NOT_CORRECTED = { corrected: false, mag_corr: null, e_mag_corr: null, e_mag_corr_ext: null } as const;

/**
 * The apparent magnitude of a ZTF detection: the flux of the reference plus (or less, by `isdiffpos`) the flux of the
 * difference. Förster et al. 2021, AJ 161, 242 (the ALeRCE broker), and https://lc-correction.readthedocs.io:
 *
 *     mag_corr       = -2.5 log10(10^(-0.4 magnr) + sign 10^(-0.4 mag))
 *     e_mag_corr     = √((10^(-0.4 mag) e_mag)² - (10^(-0.4 magnr) sigmagnr)²) / (10^(-0.4 magnr) + sign 10^(-0.4 mag))
 *     e_mag_corr_ext = 10^(-0.4 mag) e_mag / (10^(-0.4 magnr) + sign 10^(-0.4 mag))
 */
export function correctMagnitude(detection: DifferencePhotometry): CorrectedMagnitude {
  const { isdiffpos, mag, e_mag, magnr, sigmagnr, distnr } = detection;
  if (distnr === null || distnr < 0 || distnr >= SAME_SOURCE || magnr === null) return NOT_CORRECTED;
  const reference = 10 ** (-0.4 * magnr);
  const difference = 10 ** (-0.4 * mag);
  const total = reference + isdiffpos * difference;
  if (!(total > 0)) return { ...NOT_CORRECTED, corrected: true };
  const variance = (difference * e_mag) ** 2 - (reference * (sigmagnr ?? NaN)) ** 2;
  return {
    corrected: true,
    mag_corr: -2.5 * Math.log10(total),
    e_mag_corr: variance >= 0 ? Math.sqrt(variance) / total : null,
    e_mag_corr_ext: (difference * e_mag) / total,
  };
}

/** What {@link markDubious} needs of a detection. */
export interface MaybeDubious {
  readonly band: string;
  readonly mjd: number;
  readonly isdiffpos: number | null;
  readonly corrected: boolean | null;
}

/**
 * Says of each detection of one object whether its correction is dubious: fainter than a reference that has no source
 * there, or corrected where the first detection in the same band is not, or the other way round. (ALeRCE's rule.)
 */
export function markDubious<T extends MaybeDubious>(detections: readonly T[]): (T & { dubious: boolean })[] {
  const firsts = new Map<string, T>();
  for (const detection of detections) {
    const first = firsts.get(detection.band);
    if (!first || detection.mjd < first.mjd) firsts.set(detection.band, detection);
  }
  return detections.map((detection) => {
    const { band, corrected, isdiffpos } = detection;
    const unlikeFirst = corrected !== firsts.get(band)!.corrected;
    return { ...detection, dubious: unlikeFirst || (!corrected && isdiffpos === -1) };
  });
}
