import { parseSchema } from '@apf/core';
import {
  compileFilter,
  type FinkAlert,
  identityOf,
  LC_CLASSIFIER_SCHEMA,
  type LcClassification,
  STAMP_CLASSIFIER_SCHEMA,
  type StampClassification,
  syntheticZtf,
} from '../../src/index.js';

const lightCurve: LcClassification = {
  oid: 'ZTF20aaaaaaa',
  candid: 2n ** 60n,
  features: { Multiband_period: 0.5, 'W1-W2': null },
  lc_classification: {
    probabilities: { SNIa: 0.75, AGN: 0.25 },
    class: 'SNIa',
    hierarchical: { top: { Transient: 0.75 }, children: { Transient: { SNIa: 0.7 } } },
  },
};

describe('expressions on what brokers send', () => {
  it.each([
    ["lc_classification.class == 'SNIa'", true],
    ['lc_classification.probabilities.SNIa > 0.5 and candid == 1152921504606846976', true],
    ['lc_classification.hierarchical.children.Transient.SNIa > 0.71', false],
    ['features.Multiband_period < 1', true],
    ['features.`W1-W2` < 1', false],
    ['lc_classification.probabilities.Nova > 0', false],
  ])("6: ALeRCE's light-curve classification: %s", (text, holds) => {
    const schema = parseSchema(LC_CLASSIFIER_SCHEMA);
    expect(compileFilter(text, { schema }).test(lightCurve)).toBe(holds);
    expect(compileFilter(text).test(lightCurve)).toBe(holds);
  });

  it("6: ALeRCE's stamp classification, whose classes are fields that are checked", () => {
    const schema = parseSchema(STAMP_CLASSIFIER_SCHEMA);
    const message: StampClassification = {
      objectId: 'ZTF20aaaaaaa',
      candid: 1n,
      probabilities: { SN: 0.9, AGN: 0.025, VS: 0.025, asteroid: 0.025, bogus: 0.025 },
    };
    expect(compileFilter('probabilities.SN > 0.5', { schema }).test(message)).toBe(true);
    expect(() => compileFilter('probabilities.NS > 0.5', { schema })).toThrow(
      /did you mean 'probabilities\.SN'/,
    );
  });

  it("5 and 6: an alert of Fink is ZTF's, with what Fink has added", () => {
    const [{ alert } = { alert: undefined }] = syntheticZtf({
      seed: 1,
      objects: 1,
      now: new Date('2024-02-01T20:00:00Z'),
    });
    const fink: FinkAlert = { ...alert!, timestamp: null, cdsxmatch: 'Unknown', rfscore: 0.593, roid: 0 };
    expect(identityOf(fink)).toEqual(identityOf(alert));
    expect(compileFilter("cdsxmatch == 'Unknown' and rfscore > 0.5 and mag < 30").test(fink)).toBe(true);
    expect(compileFilter('snn_sn_vs_all > 0').test(fink)).toBe(false);
  });
});
