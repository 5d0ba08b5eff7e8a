/** The classes of ALeRCE's stamp classifier for ZTF: supernova, active galaxy, variable star, asteroid, artefact. */
export const STAMP_CLASSES = ['SN', 'AGN', 'VS', 'asteroid', 'bogus'] as const;
export type StampClass = (typeof STAMP_CLASSES)[number];

/** A message of ALeRCE's `stamp_classifier` topics for ZTF. The probabilities add up to 1. */
export interface StampClassification {
  objectId: string;
  candid: bigint;
  probabilities: Record<StampClass, number>;
}
