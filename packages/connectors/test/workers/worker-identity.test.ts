import { loadSettings } from '@apf/core';
import { settingsOfWorker, workerOf } from '../../src/workers/worker-identity.js';

const PARAMS = { 'bootstrap.servers': 'localhost:9092' };

describe('a worker', () => {
  it('has its number at the end of whatever names it to the broker, and nothing else changed', () => {
    const { settings } = loadSettings(
      {
        CONSUMER_CONFIG: {
          PARAMS: { ...PARAMS, 'group.id': 'sn', 'client.id': 'mine' },
          TOPICS: 'ztf',
          GROUP_INSTANCE: 'night',
        },
        PRODUCER_CONFIG: {
          CLASS: 'KafkaJsonProducer',
          PARAMS: { ...PARAMS, 'transactional.id': 'sn' },
          TOPIC: 'sn',
        },
        SIDE_OUTPUTS: { scribe: { CLASS: 'KafkaJsonProducer', PARAMS, TOPIC: 'w' } },
        METRICS_CONFIG: { PARAMS, TOPIC: 'metrics' },
        WORKERS: 3,
      },
      {},
    );
    const second = settingsOfWorker(settings, 2);
    expect(second.CONSUMER_CONFIG.GROUP_INSTANCE).toBe('night-2');
    expect(second.CONSUMER_CONFIG.PARAMS).toEqual({ ...PARAMS, 'group.id': 'sn', 'client.id': 'mine-2' });
    expect(second.PRODUCER_CONFIG?.PARAMS).toEqual({
      ...PARAMS,
      'transactional.id': 'sn-2',
      'client.id': 'apf-2',
    });
    expect(second.SIDE_OUTPUTS.scribe?.PARAMS).toEqual({ ...PARAMS, 'client.id': 'apf-2' });
    expect(second.METRICS_CONFIG?.PARAMS).toEqual({ ...PARAMS, 'client.id': 'apf-2' });
    expect(second.DEAD_LETTERS).toEqual(settings.DEAD_LETTERS);
    expect({ ...second, ...settings }).toEqual(settings);
  });

  it('is one by the environment alone', () => {
    expect(workerOf({ APF_WORKER: '2' })).toBe(2);
    for (const none of [undefined, '', '0', '-1', 'x', '1.5'])
      expect(workerOf({ APF_WORKER: none })).toBeUndefined();
  });
});
