import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { readFinkConf } from '../../src/simulate/fink-conf.js';
import { findConf, SAMPLE_CONFS, SAMPLES, sampleConf } from '../../src/simulate/sample-confs.js';

describe("a configuration of Fink's simulator", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-conf-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string, environment: NodeJS.ProcessEnv = {}): unknown => {
    const path = join(folder, 'x.conf');
    writeFileSync(path, text);
    return readFinkConf(path, environment);
  };

  it('says where alerts are, where they go, and how fast (fink 1.3)', () => {
    const conf = `
KAFKA_PORT_SIM=29092
KAFKA_IPPORT_SIM="localhost:\${KAFKA_PORT_SIM}"
KAFKA_PORT=31734
KAFKA_IP=192.168.49.2
KAFKA_IPPORT="\${KAFKA_IP}:\${KAFKA_PORT}"
KAFKA_TOPIC="ztf_public_20200101"
FINK_DATA_SIM=\${FINK_ALERT_SIMULATOR}/datasim
DISPLAY_FIELD=diaSource,midPointTai
NALERTS_PER_OBS=5
NOBSERVATIONS=-1
TIME_INTERVAL=0.5
EXTERNAL_SCHEMA='/schemas/x.avsc'
NPARTITIONS=4`;
    expect(read(conf, { FINK_ALERT_SIMULATOR: '/opt/fink' })).toEqual({
      servers: '192.168.49.2:31734',
      topic: 'ztf_public_20200101',
      path: '/opt/fink/datasim',
      display: 'diaSource,midPointTai',
      perBurst: 5,
      observations: -1,
      interval: 0.5,
      externalSchema: '/schemas/x.avsc',
      partitions: 4,
      dockerPort: 29092,
    });
  });

  it("takes nothing, and Python's None, for what is absent", () => {
    expect(read(`KAFKA_IPPORT=""\nEXTERNAL_SCHEMA='None'\nDISPLAY_FIELD=None`)).toEqual({});
  });

  it('refuses what is no number', () => {
    expect(() => read('TIME_INTERVAL=fast')).toThrow(UsageError);
    expect(() => read('TIME_INTERVAL=fast')).toThrow("TIME_INTERVAL must be a number, not 'fast'");
  });

  it('comes along for ZTF and ELAsTiCC, and is found where the document says it is', () => {
    expect(read(sampleConf('elasticc'))).toMatchObject({
      path: '/data/LSST_ALERTS_BATCH/ALERTS/gathered',
      display: 'diaSource,midPointTai',
      perBurst: 5,
      observations: 3,
      interval: 1,
    });
    expect(read(sampleConf('ztf'))).toMatchObject({
      display: 'objectId',
      perBurst: 3,
      observations: 4,
      interval: 5,
    });
    expect(findConf(SAMPLES.elasticc, {})).toBe(
      join(SAMPLE_CONFS, 'conf/fink_alert_simulator_elasticc.conf'),
    );
    writeFileSync(join(folder, 'y.conf'), '');
    expect(findConf('y.conf', { FINK_ALERT_SIMULATOR: folder })).toBe(join(folder, 'y.conf'));
    expect(findConf('none.conf', {})).toBe('none.conf');
  });
});
