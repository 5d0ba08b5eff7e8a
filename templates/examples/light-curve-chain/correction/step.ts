import { correctDetection } from '@apf/alerts';
import { Step } from '@apf/core';
import type { Epochs } from '../messages.js';

/** Adds the reference to the differences that ZTF measures, or takes them off it, by their `isdiffpos`. */
export default class Correction extends Step<Epochs, Epochs> {
  execute(epochs: Epochs): Epochs {
    return {
      ...epochs,
      detection: correctDetection(epochs.detection),
      earlier: epochs.earlier.map(correctDetection),
    };
  }
}
