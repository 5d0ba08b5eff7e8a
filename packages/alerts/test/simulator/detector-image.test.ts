import { DETECTOR_IMAGE_FIELDS, detectorImageOf, groupsByImage } from '../../src/simulator/detector-image.js';
import { SURVEYS } from '../../src/surveys/survey-of.js';
import { syntheticSky } from '../../src/synthetic-sky.js';
import { parseSchema, readContainer, writeContainer } from '@apf/core';

describe('detectorImageOf', () => {
  it.each([
    [
      'ccdVisitId of LSST before schema 7.0 and of ELAsTiCC',
      (n: bigint) => ({ diaSource: { ccdVisitId: n } }),
    ],
    ['the detector of a visit of LSST', (n: bigint) => ({ diaSource: { visit: 5n, detector: Number(n) } })],
    ['the visit of a detector of LSST', (n: bigint) => ({ diaSource: { visit: n, detector: 5 } })],
    ['pid of ZTF', (n: bigint) => ({ candidate: { pid: n } })],
  ])('tells alerts apart by %s', (_, alert) => {
    expect(detectorImageOf(alert(7n))).toEqual(detectorImageOf(alert(7n)));
    expect(detectorImageOf(alert(7n))).not.toEqual(detectorImageOf(alert(8n)));
    expect(detectorImageOf(alert(7n))).toBeDefined();
  });

  it('has nothing to say of what has no detector', () => {
    for (const alert of [
      null,
      {},
      { diaSource: null },
      { diaSource: { visit: 1n } },
      { candidate: { pid: 'x' } },
    ]) {
      expect(detectorImageOf(alert)).toBeUndefined();
    }
  });

  it.each(SURVEYS)('needs no more of an alert of %s than DETECTOR_IMAGE_FIELDS', (survey) => {
    const sky = syntheticSky({
      survey,
      objects: 5,
      nights: 1,
      seed: 1,
      start: new Date('2026-01-10T00:00:00Z'),
    });
    const [first] = sky.alerts();
    const bytes = writeContainer(parseSchema(sky.schema), [first!.alert]);
    const [read] = readContainer(bytes, { fields: DETECTOR_IMAGE_FIELDS }).records;
    expect(detectorImageOf(read)).toBe(detectorImageOf(first!.alert));
    expect(detectorImageOf(read)).toBeDefined();
  });

  it('divides a synthetic visit of LSST by the detectors of its camera (S5)', () => {
    const sky = syntheticSky({
      survey: 'lsst',
      objects: 300,
      objectsPerField: 300,
      nights: 1,
      seed: 1,
      start: new Date('2026-01-10T00:00:00Z'),
    });
    const [visit] = sky.visits();
    const groups = groupsByImage([...visit!.alerts].map(({ alert }) => detectorImageOf(alert)));
    expect(groups.flat()).toEqual(Array.from({ length: visit!.count }, (_, i) => i));
    expect(groups.length).toBeGreaterThan(90);
    expect(groups.length).toBeLessThanOrEqual(189);
  });
});

describe('groupsByImage', () => {
  it('brings together what is of the same image, each in its order, the first image first', () => {
    expect(groupsByImage(['b', 'a', 'b', 'c', 'a', 'b'])).toEqual([[0, 2, 5], [1, 4], [3]]);
    expect(groupsByImage([])).toEqual([]);
  });

  it('makes runs of 50 of what has none, beside those that have', () => {
    const groups = groupsByImage([...Array.from({ length: 120 }, () => undefined), 'a']);
    expect(groups.map(({ length }) => length)).toEqual([50, 50, 20, 1]);
    expect(groups.flat()).toEqual(Array.from({ length: 121 }, (_, i) => i));
  });
});
