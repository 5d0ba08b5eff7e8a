import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distributionConf, jaasLogin } from '../../src/compat/fink-kafka/distribution-conf.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apf-conf-'));
  mkdirSync(join(folder, 'conf'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DEFAULTS = { path: undefined, brokers: ['localhost:9093'], topics: ['fink_outstream'] };

it('without a file there are the defaults of Fink', () => {
  expect(distributionConf(undefined, {})).toMatchObject(DEFAULTS);
  expect(distributionConf(undefined, { FINK_HOME: folder })).toMatchObject(DEFAULTS);
});

it("of Fink's own file, which is a program, the plain values are read", () => {
  const path = join(folder, 'conf', 'fink.conf.distribution');
  writeFileSync(
    path,
    [
      '# Zookeeper',
      'declare -a KAFKA_BROKER_IPPORT',
      '',
      'KAFKA_BROKER_IPPORT[0]="localhost:9193"',
      'KAFKA_BROKER_IPPORT[1]="localhost:9194"',
      'for i in ${KAFKA_BROKER_IPPORT[@]}; do',
      '  servers=$servers",$i"',
      'done',
      'DISTRIBUTION_SERVERS=${servers#,}',
      'cd ${FINK_HOME}',
      '[[ -d logs ]] || mkdir logs',
      'DISTRIBUTION_TOPIC="rrlyr, snialike"   # two',
      'export FINK_PRODUCER_JAAS="${FINK_HOME}/conf/producer_jaas.conf"',
      'SURPRISE=$(touch executed)',
    ].join('\n'),
  );
  const conf = distributionConf(undefined, { FINK_HOME: folder });
  expect(conf).toMatchObject({
    path,
    brokers: ['localhost:9193', 'localhost:9194'],
    topics: ['rrlyr', 'snialike'],
    producerJaas: join(folder, 'conf', 'producer_jaas.conf'),
    consumerJaas: undefined,
  });
  expect(conf.values.has('SURPRISE')).toBe(false);
  expect(distributionConf(path, {})).toMatchObject({ brokers: ['localhost:9193', 'localhost:9194'] });
});

it('a file that was named must be there', () => {
  expect(() => distributionConf(join(folder, 'none'), {})).toThrow(
    /^the configuration '.*none' cannot be read: no such file or folder/,
  );
});

describe('a JAAS file', () => {
  const login = (text: string): ReturnType<typeof jaasLogin> => {
    const path = join(folder, 'jaas.conf');
    writeFileSync(path, text);
    return jaasLogin(path);
  };

  it('has a login', () => {
    expect(
      login(
        'KafkaClient {\n  ScramLoginModule required\n  username="finkProducer"\n  password = "s e;c\'ret";\n};\n',
      ),
    ).toEqual({ username: 'finkProducer', password: "s e;c'ret" });
  });

  it('without one is refused, and not shown', () => {
    expect(() => login('KafkaClient { password="secret"; };')).toThrow(
      /has no username="…" and password="…"$/,
    );
  });
});
