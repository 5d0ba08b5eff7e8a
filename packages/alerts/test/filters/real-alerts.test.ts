import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AvroSchema, readContainer, StreamCodec } from '@apf/core';
import { BUILT_IN_FILTERS } from '../../src/filters/built-in/index.js';
import { FilterSet } from '../../src/filters/filter-set.js';
import { numberIn } from '../../src/surveys/fields.js';
import type { ZtfAlert } from '../../src/ztf-alert.js';

const root = process.env.APF_ALERTS;
const describeReal = root ? describe : describe.skip;
if (!root) console.warn('APF_ALERTS is not set: no filter is asked about a real alert');

describeReal('the built-in filters on real alerts', () => {
  const filesOf = (...folder: string[]): Buffer[] => {
    const path = join(root ?? '', ...folder);
    return readdirSync(path)
      .filter((name) => name.endsWith('.avro'))
      .map((name) => readFileSync(join(path, name)));
  };
  /** How many pass each, read with the fields of the filters alone; what does not fit is left out. */
  const count = (files: readonly Buffer[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    const set = new FilterSet({ filters: BUILT_IN_FILTERS, onUnfit: () => undefined });
    const codec = new StreamCodec({
      framing: 'container',
      fields: (schema: AvroSchema) => set.fields(schema),
    });
    for (const bytes of files) {
      for (const { value, schema } of codec.decode(bytes)) {
        set.ask(value, schema, (index, verdict) => {
          if (verdict !== true) throw verdict;
          const { name } = set.filters[index]!;
          counts[name] = (counts[name] ?? 0) + 1;
        });
      }
    }
    return counts;
  };

  it('ZTF: what passes is what whole alerts say, known bodies at a distance of 0 included (2.9, item C)', () => {
    const files = filesOf('fink-alert-simulator', 'datasim');
    const candidates = files
      .flatMap((bytes) => readContainer<ZtfAlert>(bytes).records)
      .map(({ candidate }) => candidate);
    const near = candidates.filter(({ ssdistnr }) => ssdistnr !== null && ssdistnr >= 0 && ssdistnr < 5);
    const good = candidates.filter(({ rb, nbad }) => rb !== null && rb >= 0.55 && nbad === 0);
    const bright = candidates.filter(
      ({ magpsf, sigmapsf, isdiffpos }) =>
        magpsf < 20 && 1.0857362 / sigmapsf > 5 && ['t', '1'].includes(isdiffpos),
    );
    const counts = count(files);
    expect(near.some(({ ssdistnr }) => ssdistnr === 0)).toBe(true);
    expect(counts).toMatchObject({
      bright: bright.length,
      fink_quality: good.length,
      sso_known: near.length,
      sso_none: candidates.length - near.length,
    });
    expect(counts.ztf_quality).toBeLessThan(good.length);
    expect([counts.bright! > 10, counts.ztf_quality! > 10, counts.fink_quality! < candidates.length]).toEqual(
      [true, true, true],
    );
  });

  it('LSST and ELAsTiCC: those of their surveys fit, and say what the alerts say', () => {
    const files = [...filesOf('Ampel-LSST', 'test-data'), ...filesOf('pipeline', 'LSST_samples')];
    for (const bytes of files) {
      const { records } = readContainer<{ diaSource: Record<string, unknown> }>(bytes);
      const bright = records.filter(({ diaSource }) => {
        const of = (name: string): number => numberIn(diaSource, name) ?? NaN;
        // ELAsTiCC's zero point is 27.5.
        if ('psFlux' in diaSource) return of('psFlux') > 1000 && of('psFlux') / of('psFluxErr') > 5;
        return of('psfFlux') > 36310 && (numberIn(diaSource, 'snr') ?? of('psfFlux') / of('psfFluxErr')) > 5;
      });
      const counts = count([bytes]);
      expect(counts.bright ?? 0).toBe(bright.length);
      const asked = (counts.sso_known ?? 0) + (counts.sso_none ?? 0);
      expect(asked).toBe(records.filter(({ diaSource }) => !('psFlux' in diaSource)).length);
    }
    expect(files.length).toBeGreaterThan(3);
  });
});
