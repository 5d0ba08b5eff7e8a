/** From blue to red; a survey has some of them. */
export const BANDS = ['u', 'g', 'r', 'i', 'z', 'y'] as const;
export type Band = (typeof BANDS)[number];

/** A number for each band. */
export type PerBand = Readonly<Record<Band, number>>;

export function perBand(u: number, g: number, r: number, i: number, z: number, y: number): PerBand {
  return { u, g, r, i, z, y };
}

/** Extinction by dust of the Milky Way over E(B-V) (Schlafly and Finkbeiner 2011, ApJ 737, 103, R = 3.1). */
export const DUST = perBand(4.239, 3.303, 2.285, 1.698, 1.263, 1.088);

/** The flux of a magnitude, in units of that of magnitude 0. */
export function fluxOf(magnitude: number): number {
  return 10 ** (-0.4 * magnitude);
}
