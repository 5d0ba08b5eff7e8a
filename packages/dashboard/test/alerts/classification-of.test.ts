import { classificationOf } from '../../src/alerts/classification-of';

describe('what an alert is', () => {
  it.each([
    [
      { probabilities: { AGN: 0.2, SN: 0.7, VS: NaN } },
      { name: 'SN', classifier: 'ALeRCE stamp', probability: 0.7 },
    ],
    [
      { lc_classification: { class: 'RRL', probabilities: { RRL: 0.9, E: 0.1 } }, probabilities: { x: 1 } },
      { name: 'RRL', classifier: 'ALeRCE light curve' },
    ],
    [
      { roid: 3, cdsxmatch: 'Star' },
      { name: 'solar system', classifier: 'Fink' },
    ],
    [
      { roid: 0, cdsxmatch: 'RRLyr' },
      { name: 'RRLyr', classifier: 'SIMBAD', probability: null },
    ],
    [{ candidate: { ssdistnr: 0.4, ssnamenr: '1 Ceres' } }, { name: 'solar system', classifier: 'ZTF' }],
    [{ diaSource: { ssObjectId: 5n } }, { name: 'solar system', classifier: 'LSST' }],
  ])('%j', (alert, expected) => {
    expect(classificationOf(alert)).toMatchObject(expected);
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ probabilities: { SN: 'high' } }],
    [{ probabilities: [1] }],
    [{ cdsxmatch: 'Unknown' }],
    [{ candidate: { ssdistnr: -999 } }],
    [{ diaSource: { ssObjectId: 0n } }],
  ])('nothing is said by %j', (alert) => {
    expect(classificationOf(alert)).toBeNull();
  });
});
