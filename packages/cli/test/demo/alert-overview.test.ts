import { lookStep, overviewOf, type AlertOverview } from '../../src/demo/alert-overview.js';

describe('the overview of an alert', () => {
  it('has object, candid, magnitude and real/bogus of a ZTF alert, the ids to the last digit', () => {
    const alert = {
      objectId: 'ZTF18abc',
      candid: 697251920215010008n,
      candidate: { magpsf: 18.25, rb: 0.54 },
    };
    expect(overviewOf(alert)).toEqual({
      object: 'ZTF18abc',
      candid: '697251920215010008',
      magnitude: 18.25,
      realBogus: 0.54,
    });
  });

  it('has the ids of other surveys, and null for what they do not say', () => {
    const lsst = {
      alertId: 1n,
      diaSource: { diaSourceId: 25401295582003217n, diaObjectId: 7n },
      diaObject: null,
    };
    expect(overviewOf(lsst)).toEqual({
      object: '7',
      candid: '25401295582003217',
      magnitude: null,
      realBogus: null,
    });
    expect(overviewOf({ oid: 'ZTF20x', candid: '12' })).toMatchObject({ object: 'ZTF20x', candid: '12' });
  });

  it('is all null for what is no alert', () => {
    const nothing = { object: null, candid: null, magnitude: null, realBogus: null };
    for (const value of [
      null,
      7,
      'text',
      [],
      {},
      { candidate: { magpsf: NaN, rb: null } },
      { objectId: {} },
    ]) {
      expect(overviewOf(value)).toEqual(nothing);
    }
  });

  it('is told of each alert', () => {
    const seen: AlertOverview[] = [];
    const Look = lookStep((overview) => seen.push(overview));
    const step = new Look();
    void step.execute({ objectId: 'a' }, undefined as never);
    void step.execute({ objectId: 'b' }, undefined as never);
    expect(seen.map(({ object }) => object)).toEqual(['a', 'b']);
  });
});
