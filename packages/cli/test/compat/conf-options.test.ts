import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@apf/core';
import { type ConfOptions, confOptions } from '../../src/compat/fink-distribution/conf-options.js';
import { distributionConf } from '../../src/compat/fink-kafka/distribution-conf.js';

describe("what Fink's conf says of a distribution", () => {
  let folder: string;
  const before = process.env.XDG_STATE_HOME;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-conf-options-'));
    process.env.XDG_STATE_HOME = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(folder, { recursive: true });
  });
  const read = (...lines: string[]): Promise<ConfOptions> => {
    const path = join(folder, 'fink.conf.distribution');
    writeFileSync(path, lines.join('\n'));
    return confOptions(distributionConf(path, { FINK_HOME: folder }));
  };
  const HOME = 'FINK_HOME=/fink';

  it("is Fink's default where it says nothing", async () => {
    expect(await read(HOME)).toEqual({
      params: { 'bootstrap.servers': 'localhost:9093', 'security.protocol': 'PLAINTEXT' },
      topic: ['fink_outstream'],
      schemaOut: '/fink/schemas/distribution_schema',
      checkpoint: '/fink/distribution.offset',
      since: undefined,
    });
  });

  it('is what its keys say', async () => {
    const options = await read(
      HOME,
      'KAFKA_BROKER_IPPORT[0]="a:9093"',
      'KAFKA_BROKER_IPPORT[1]="b:9094"',
      'KAFKA_SASL_USERNAME=me',
      'KAFKA_SASL_PASSWORD="pass word"',
      'DISTRIBUTION_TOPIC="rrlyr,snialike"',
      'DISTRIBUTION_SCHEMA=${FINK_HOME}/s.avsc',
      'DISTRIBUTION_RULES_XML=${FINK_HOME}/rules.xml',
      'DISTRIBUTION_DATABASE=postgres://host/alerts',
      'DISTRIBUTION_MARK=status=distributed',
      'DISTRIBUTION_OFFSET=1600000000000',
    );
    expect(options).toMatchObject({
      params: {
        'bootstrap.servers': 'a:9093,b:9094',
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.username': 'me',
        'sasl.password': 'pass word',
      },
      topic: ['rrlyr', 'snialike'],
      schemaOut: '/fink/s.avsc',
      rules: '/fink/rules.xml',
      database: 'postgres://host/alerts',
      mark: 'status=distributed',
      since: '2020-09-13T12:26:40.000Z',
    });
  });

  it("takes filters by their names, also where Fink's package has them (3.6)", async () => {
    const options = await read(
      'DISTRIBUTION_FILTERS=fink_filters.filter_rrlyr.filter.rrlyr',
      'SUBSTREAM_PREFIX=fink_',
    );
    expect(options).toMatchObject({ filter: ['rrlyr'], topic: undefined, topicPrefix: 'fink_' });
  });

  it("goes on where Fink's own service has ended, and leaves its file as it is", async () => {
    const file = join(folder, 'distribution.offset');
    writeFileSync(file, 'distributed till, 1500000000000\ndistributed till, 1600000000000');
    const keys = [`DISTRIBUTION_OFFSET_FILE=${file}`];
    expect(await read(...keys)).toMatchObject({
      checkpoint: `${file}.apf`,
      since: '2020-09-13T12:26:40.000Z',
    });
    writeFileSync(`${file}.apf`, '{}');
    expect(await read(...keys)).toMatchObject({ checkpoint: `${file}.apf`, since: undefined });
    expect(await read(...keys, 'DISTRIBUTION_OFFSET=earliest')).toMatchObject({ since: 'beginning' });
  });

  it.each([
    ['DISTRIBUTION_OFFSET=soon', /DISTRIBUTION_OFFSET is 'soon'/],
    [`DISTRIBUTION_OFFSET_FILE=${tmpdir()}`, /DISTRIBUTION_OFFSET_FILE .* is a folder: name a file/],
    ['KAFKA_BROKER_IPPORT[0]=""', /DISTRIBUTION_SERVERS is empty/],
  ])('refuses %s', async (line, why) => {
    await expect(read(line)).rejects.toThrow(why);
    await expect(read(line)).rejects.toThrow(UsageError);
  });
});
