import { parseSchema, projectSchema } from '@apf/core';
import { keptFields } from '../../src/distribute/rules.js';

const candidate = {
  type: 'record',
  name: 'candidate',
  fields: ['ra', 'dec', 'magpsf'].map((name) => ({ name, type: 'double' })),
};
const schema = parseSchema({
  type: 'record',
  name: 'alert',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candidate', type: candidate },
    { name: 'prv_candidates', type: ['null', { type: 'array', items: 'candidate' }], default: null },
    { name: 'stamp', type: ['null', 'bytes'] },
  ],
});

it.each([
  [undefined, [], ['objectId', 'candidate', 'prv_candidates', 'stamp']],
  [['objectId', 'candidate.ra', 'candidate.dec'], [], ['objectId', 'candidate.ra', 'candidate.dec']],
  [['objectId', 'candidate'], ['candidate.ra'], ['objectId', 'candidate.dec', 'candidate.magpsf']],
  [['candidate', 'candidate.ra'], ['objectId'], ['candidate']],
  [
    undefined,
    ['stamp', 'prv_candidates.ra'],
    ['objectId', 'candidate', 'prv_candidates.dec', 'prv_candidates.magpsf'],
  ],
])('keeps of %j without %j: %j', (select, drop, kept) => {
  expect(keptFields(schema, { select, drop })).toEqual(kept);
  expect(() => projectSchema(schema, kept)).not.toThrow();
});

it.each([
  [['objectID'], [], "Invalid column: objectID; did you mean 'objectId'?"],
  [['candidate.raa'], [], "Invalid column: candidate.raa; did you mean 'ra'?"],
  [['objectId.x'], [], 'Invalid column: objectId.x'],
  [undefined, ['nothing'], 'Invalid column: nothing'],
  [['objectId'], ['objectId'], 'the rules leave no field'],
])('refuses %j without %j', (select, drop, why) => {
  expect(() => keptFields(schema, { select, drop })).toThrow(why);
});
