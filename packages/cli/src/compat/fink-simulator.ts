import { clusterDir, startCluster } from '@apf/connectors';
import { readFinkConf } from '../simulate/fink-conf.js';
import { findConf, SAMPLES } from '../simulate/sample-confs.js';
import { simulate } from '../simulate/simulate.js';
import { defineDocumented, type MistakeAnswer, type MistakeKind } from './documented.js';

/** As `echo -e` prints Fink's. */
const HELP = `Inject local alert data into Apache Kafka

 Usage:
 \tfink_simulator [option]${' '}

 Option:
 \t-c <conf>${' '}
 \t\tTo use a custom configuration file${' '}

 \t--docker${' '}
 \t\t Spin up a local Kafka cluster to produce message (dockerised)${' '}

 \t-h, --help${' '}
 \t\tTo view this help message${' '}

`;

export const command = defineDocumented({
  help: HELP,
  positionals: {},
  options: {
    conf: { names: ['-c'], kind: 'text' },
    docker: { names: ['--docker'], kind: 'flag' },
  },
  mistake,
  async run({ conf, docker }) {
    await simulate({
      ...(conf === undefined ? { conf: SAMPLES.ztf, defaultConf: true } : { conf }),
      ...(docker ? { servers: await brokerOf(conf ?? SAMPLES.ztf) } : {}),
    });
  },
});

function mistake(kind: MistakeKind, what: string): MistakeAnswer {
  const text = {
    'unknown-option': `unknown option: ${what}`,
    'unknown-argument': `unknown argument: ${what}`,
    'no-value': `${what} requires an argument: path to configuration file`,
    'not-a-number': '',
    missing: '',
  }[kind];
  return { text, exitCode: 1 };
}

/** Fink's docker-compose file brings up a broker at KAFKA_PORT_SIM; here it is one of `apf kafka`, by Docker or Java. */
async function brokerOf(conf: string): Promise<string> {
  const port = readFinkConf(findConf(conf, process.env), process.env).dockerPort;
  const { bootstrapServers, alreadyRunning } = await startCluster({
    dir: clusterDir('default'),
    detached: true,
    autoCreateTopics: true,
    ...(port === undefined ? {} : { port }),
    onProgress: (line) => console.error(line),
  });
  const how = alreadyRunning ? 'runs already' : 'was started';
  console.error(`fink_simulator: Kafka ${how} at ${bootstrapServers}; end it with: apf kafka stop`);
  return bootstrapServers;
}
