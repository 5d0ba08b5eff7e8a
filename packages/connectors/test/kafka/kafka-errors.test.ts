import { fatalConsumeError } from '../../src/kafka/kafka-errors.js';

const scene = { brokers: 'localhost:9092', group: 'my-group', topics: ['ztf_20261120'] };
const [NOT_IMPLEMENTED, LEADER_NOT_AVAILABLE] = [-170, 5];

describe('errors of consume', () => {
  it('name the cure where zstd is not built in', () => {
    const error = fatalConsumeError({ code: NOT_IMPLEMENTED }, scene, false);
    expect(error).toMatchObject({ name: 'FatalError', code: 'APF_ZSTD' });
    expect(error?.message).toContain("'ztf_20261120' is compressed with zstd");
    expect(error?.message).toContain('install libzstd-dev');
  });

  it('do not blame zstd where it is built in', () => {
    expect(fatalConsumeError({ code: NOT_IMPLEMENTED }, scene, true)?.code).toBe('APF_FATAL');
  });

  it('are none to end a run where the client recovers', () => {
    expect(fatalConsumeError({ code: LEADER_NOT_AVAILABLE }, scene)).toBeUndefined();
    expect(fatalConsumeError(new Error('no code'), scene)).toBeUndefined();
  });
});
