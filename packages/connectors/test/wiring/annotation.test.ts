import { checkAnnotation } from '../../src/wiring/annotation.js';

const ANNOTATION = { objectId: 'ZTF18abosdxh', topic: 'rrlyr_finder', classification: 'RRLyr' };

it.each([
  [{}],
  [{ objectId: 169760235333878021n }],
  [{ version: '1.2', explanation: 'period 0.5 d', classdict: { period: 0.5 }, url: 'https://example.org' }],
])('an annotation may have %p', (more) => {
  expect(() => checkAnnotation({ ...ANNOTATION, ...more })).not.toThrow();
});

it.each([
  [{ objectId: undefined }, /'objectId' is missing/],
  [{ topic: '' }, /'topic' is missing/],
  [{ classification: undefined }, /'classification' is missing/],
  [{ objectId: 7 }, /'objectId' must be text or a bigint/],
  [{ classification: 3 }, /'classification' must be text/],
  [{ classdict: [1] }, /'classdict' must be an object/],
  [{ probability: 0.5 }, /'probability' is no field of one/],
])('an annotation with %p is a dead letter', (part, message) => {
  expect(() => checkAnnotation({ ...ANNOTATION, ...part })).toThrow(message);
});

it.each([[null], ['text'], [5]])('%p is no annotation', (value) => {
  expect(() => checkAnnotation(value)).toThrow(/^the result is no annotation: it is no object/);
});
