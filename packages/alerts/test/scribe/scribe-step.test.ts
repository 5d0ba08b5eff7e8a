import { healpixOf, ScribeStep } from '@apf/alerts';
import { testStep } from '@apf/core/testing';

interface Changed {
  readonly kind: string;
  readonly table: string | undefined;
  readonly row: object;
}

async function carriedOut(...commands: unknown[]): Promise<{ changes: Changed[]; refused: string[] }> {
  const { changes, deadLetters } = await testStep(ScribeStep, commands);
  return {
    changes: changes.map(({ kind, table, row }) => ({ kind, table, row })),
    refused: deadLetters.map(({ error }) => error.message),
  };
}

const command = (fields: object): object => ({
  collection: 'object',
  type: 'update',
  criteria: { _id: 'ZTF20aaelulu' },
  data: { ndet: 7 },
  ...fields,
});
const asPublished = (fields: object): object => ({ payload: JSON.stringify(command(fields)) });

describe('the scribe', () => {
  it('updates, inserts and upserts, in the order of its commands, as APF publishes them and as JSON', async () => {
    const { changes, refused } = await carriedOut(
      asPublished({ type: 'insert', criteria: undefined, data: { oid: 'a', ndet: 1 } }),
      asPublished({}),
      command({ options: { upsert: true } }),
      command({ type: 'upsert' }),
      command({ options: { upsert: true, set_on_insert: true } }),
      command({ options: { set_on_insert: true } }),
    );
    expect(refused).toEqual([]);
    const row = { oid: 'ZTF20aaelulu', ndet: 7 };
    expect(changes).toEqual([
      { kind: 'insert', table: 'object', row: { oid: 'a', ndet: 1 } },
      { kind: 'update', table: 'object', row },
      { kind: 'upsert', table: 'object', row },
      { kind: 'upsert', table: 'object', row },
      { kind: 'insert', table: 'object', row },
    ]);
  });

  it('keeps ids of 64 bits, and puts filters and positions as the light-curve model has them', async () => {
    const { changes } = await carriedOut(
      {
        payload:
          '{"collection":"detections","type":"update","criteria":{"_id":1152921504606846977},"data":{"oid":"a","fid":2,"mag":17.5},"options":{"upsert":true}}',
      },
      command({
        collection: 'non_detection',
        criteria: { oid: 'a', fid: 'g', mjd: 60000.5 },
        data: { diffmaglim: 20 },
      }),
      command({ data: { meanra: 10, meandec: -20 } }),
      command({ collection: 'magstat', criteria: { oid: 'a', fid: 1 }, data: { magmean: 18 } }),
    );
    expect(changes.map(({ table, row }) => ({ table, ...row }))).toEqual([
      { table: 'detection', candid: 1152921504606846977n, oid: 'a', band: 'r', mag: 17.5 },
      { table: 'non_detection', oid: 'a', band: 'g', mjd: 60000.5, diffmaglim: 20 },
      {
        table: 'object',
        oid: 'ZTF20aaelulu',
        meanra: 10,
        meandec: -20,
        healpix: healpixOf({ ra: 10, dec: -20 }),
      },
      { table: 'magstat', oid: 'a', fid: 1, magmean: 18 },
    ]);
  });

  it('makes a row of each class, ranked, and of each feature', async () => {
    const { changes } = await carriedOut(
      command({
        type: 'update_probabilities',
        data: { classifier_name: 'stamp_classifier', classifier_version: '1.0', SN: 0.2, AGN: 0.7, VS: 0.1 },
        options: { upsert: true },
      }),
      command({
        type: 'update_features',
        data: {
          features_version: 'v1',
          features_group: 'ztf',
          features: [
            { name: 'Amplitude', value: 0.5, fid: 1 },
            { name: 'gal_b', value: null, fid: 0 },
            { name: 'period', value: 2, fid: 12 },
          ],
        },
        options: { set_on_insert: true },
      }),
    );
    const oid = 'ZTF20aaelulu';
    const classifier = { oid, classifier_name: 'stamp_classifier', classifier_version: '1.0' };
    expect(changes).toEqual([
      { kind: 'insert', table: 'object', row: { oid } },
      ...(['AGN', 'SN', 'VS'] as const).map((class_name, i) => ({
        kind: 'upsert',
        table: 'probability',
        row: {
          ...classifier,
          class_name,
          probability: { AGN: 0.7, SN: 0.2, VS: 0.1 }[class_name],
          ranking: i + 1,
        },
      })),
      {
        kind: 'insert',
        table: 'feature',
        row: { oid, name: 'Amplitude', band: 'g', version: 'v1', value: 0.5 },
      },
      { kind: 'insert', table: 'feature', row: { oid, name: 'gal_b', band: '', version: 'v1', value: null } },
      { kind: 'insert', table: 'feature', row: { oid, name: 'period', band: 'gr', version: 'v1', value: 2 } },
    ]);
  });

  it('carries out what the multisurvey pipeline sends: statistics of an object, and detections that are new', async () => {
    const photometry = {
      mjd: 60_000.5,
      ra: 10,
      dec: -20,
      mag: 18,
      e_mag: 0.1,
      mag_corr: 17.5,
      corrected: true,
    };
    const detection = { ...photometry, new: true, pid: 7, band: 2, isdiffpos: -1, extra_fields: {} };
    const { changes } = await carriedOut(
      {
        survey: 'lsst',
        step: 'magstat',
        payload: { oid: 2n ** 60n + 1n, meanra: 10, meandec: -20, n_det: 3, sigmara: 0.1, n_fphot: 1 },
      },
      {
        payload: {
          survey: 'ztf',
          step: 'correction',
          payload: {
            oid: 'ZTF20aaelulu',
            measurement_id: [2n ** 60n],
            detections: [
              { ...detection, measurement_id: 2n ** 60n, parent_candid: null, has_stamp: true, rb: 0.9 },
              { ...detection, measurement_id: 5n, extra_fields: { forcediffimflux: 12.5 } },
              { ...detection, measurement_id: 6n, new: false },
            ],
          },
        },
      },
    );
    const row = { oid: 'ZTF20aaelulu', band: 'r', isdiffpos: -1, pid: 7, ...photometry };
    expect(changes).toEqual([
      {
        kind: 'update',
        table: 'object',
        row: {
          oid: String(2n ** 60n + 1n),
          meanra: 10,
          meandec: -20,
          ndet: 3,
          healpix: healpixOf({ ra: 10, dec: -20 }),
        },
      },
      {
        kind: 'upsert',
        table: 'detection',
        row: { ...row, candid: 2n ** 60n, parent_candid: null, has_stamp: true, rb: 0.9 },
      },
      { kind: 'upsert', table: 'forced_photometry', row },
    ]);
  });

  it.each([
    [
      'an unknown sender',
      { survey: 'lsst', step: 'features', payload: { oid: 1 } },
      "'lsst features' has no table",
    ],
    ['a payload that is none', { survey: 'ztf', step: 'magstat', payload: 'x' }, 'its payload is no object'],
    ['nobody meant', { survey: 'ztf', step: 'magstat', payload: {} }, 'its payload has no oid'],
    [
      'a detection without an id',
      {
        survey: 'ztf',
        step: 'correction',
        payload: { oid: 'a', detections: [{ new: true, band: 1 }] },
      },
      'no measurement_id',
    ],
    ['no object', 5, 'it is no object'],
    ['no JSON', { payload: '{"collection":' }, 'its payload is no JSON'],
    ['a list', { payload: '[]' }, 'its payload is no object'],
    ['an unknown type', command({ type: 'drop' }), "its type 'drop' is not known; it may be insert, update"],
    ['no type', command({ type: undefined }), 'it has no type'],
    ['no collection', command({ collection: '' }), 'it names no collection'],
    ['no data', command({ data: {} }), 'it has no data'],
    ['no criteria', command({ criteria: {} }), "'update' must say which row is meant"],
    ['an unknown option', command({ options: { upser: true } }), "it has the option 'upser'"],
    ['an option of another type', command({ options: { upsert: 'yes' } }), 'are true or false'],
    ['an unknown key', command({ colection: 'x' }), "it has 'colection'"],
    ['no classifier', command({ type: 'update_probabilities', data: { SN: 1 } }), 'no classifier_name'],
    [
      'a class without a number',
      command({
        type: 'update_probabilities',
        data: { classifier_name: 'x', classifier_version: '1', SN: 'y' },
      }),
      "'SN' is no number",
    ],
    [
      'probabilities of no object',
      command({ collection: 'detection', type: 'update_probabilities' }),
      'is for an object',
    ],
    [
      'no features',
      command({ type: 'update_features', data: { features_version: 'v1' } }),
      'its data has no features',
    ],
    [
      'an unknown filter',
      command({ collection: 'detection', data: { fid: 9 } }),
      'the filter 9 is not known',
    ],
  ])('sets a command with %s aside, says why, and carries out the rest', async (_, broken, why) => {
    const { changes, refused } = await carriedOut(command({}), broken, command({ data: { ndet: 8 } }));
    expect(changes.map(({ row }) => row)).toEqual([
      { oid: 'ZTF20aaelulu', ndet: 7 },
      { oid: 'ZTF20aaelulu', ndet: 8 },
    ]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(why);
  });
});
