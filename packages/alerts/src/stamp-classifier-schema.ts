import { STAMP_CLASSES } from './stamp-classification.js';

/** The Avro schema of ALeRCE's `stamp_classifier` topics for ZTF: the names and types of the published one. */
export const STAMP_CLASSIFIER_SCHEMA = {
  type: 'record',
  name: 'stamp_probabilities',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    {
      name: 'probabilities',
      type: {
        type: 'record',
        name: 'probabilities',
        fields: STAMP_CLASSES.map((name) => ({ name, type: 'float' })),
      },
    },
  ],
};
