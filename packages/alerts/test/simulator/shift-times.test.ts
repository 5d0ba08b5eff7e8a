import { shiftTimes } from '../../src/simulator/shift-times.js';

const alert = (): object => ({
  diaSource: { diaSourceId: 2n ** 60n, midpointMjdTai: 60_000.25, ra: 59_000 },
  prvDiaSources: [{ midpointMjdTai: 59_990.25 }, { midpointMjdTai: 59_995 }],
  prvDiaForcedSources: null,
  diaObject: { firstDiaSourceMjdTai: 0, lastDiaSourceMjdTai: 59_995 },
  cutoutScience: Buffer.from([1, 2]),
});

describe('shiftTimes', () => {
  it('moves the dates of an alert and its history alike, and nothing else', () => {
    const moved = alert();
    shiftTimes(moved, 1000);
    expect(moved).toEqual({
      ...alert(),
      diaSource: { diaSourceId: 2n ** 60n, midpointMjdTai: 61_000.25, ra: 59_000 },
      prvDiaSources: [{ midpointMjdTai: 60_990.25 }, { midpointMjdTai: 60_995 }],
      diaObject: { firstDiaSourceMjdTai: 0, lastDiaSourceMjdTai: 60_995 },
    });
  });

  it('moves one date where it is told which', () => {
    const moved = alert();
    shiftTimes(moved, 1000, 'diaSource.midpointMjdTai');
    expect(moved).toEqual({
      ...alert(),
      diaSource: { diaSourceId: 2n ** 60n, midpointMjdTai: 61_000.25, ra: 59_000 },
    });
    shiftTimes(moved, 1000, 'diaSource.none.midpointMjdTai');
  });

  it("moves ZTF's Julian dates, but not what stands for none", () => {
    const ztf = { candidate: { jd: 2_459_000.5, jdstartref: -999 }, prv_candidates: [{ jd: 2_458_999.5 }] };
    shiftTimes(ztf, -0.5);
    expect(ztf).toEqual({
      candidate: { jd: 2_459_000, jdstartref: -999 },
      prv_candidates: [{ jd: 2_458_999 }],
    });
  });
});
