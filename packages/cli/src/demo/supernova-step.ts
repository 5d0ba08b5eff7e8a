import { topClass, type StampClassification } from '@apf/alerts';
import { Step } from '@apf/core';

/** The classifier must be this sure. */
export const THRESHOLD = 0.5;

export interface Supernova {
  objectId: string;
  candid: bigint;
  probability: number;
  link: string;
}

/** A step as `apf new-step` makes it, with the few lines of one's own: each supernova is told of once per object. */
export function supernovaStep(
  found: (supernova: Supernova) => void,
): new () => Step<StampClassification, Supernova> {
  return class SnProcess extends Step<StampClassification, Supernova> {
    private readonly known = new Set<string>();

    execute(message: StampClassification): Supernova | undefined {
      const { objectId, candid, probabilities } = message;
      if (topClass(probabilities, THRESHOLD) !== 'SN' || this.known.has(objectId)) return undefined;
      this.known.add(objectId);
      const link = `https://alerce.online/object/${objectId}`;
      const supernova = { objectId, candid, probability: probabilities.SN, link };
      found(supernova);
      return supernova;
    }
  };
}
