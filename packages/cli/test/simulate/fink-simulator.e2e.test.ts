import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../connectors/src/cluster/ports.js';
import { onRealKafka, uniqueName } from '../../../connectors/test/cluster/test-cluster.js';
import { Shell } from '../compat/shell.js';
import { ELASTICC, elasticcNight, inOrder, writeGathered } from './elasticc-alerts.js';
import { messagesOf } from './messages-of.js';

/** The line of the document. */
const LINE = 'fink_simulator -c conf/fink_alert_simulator_elasticc.conf';

/** The settings that the document tells to edit. */
const DOCUMENT = `
# Which alert field to display on the screen to follow the stream progression
DISPLAY_FIELD=diaSource,midPointTai

# Number of alerts to send simultaneously per observation
NALERTS_PER_OBS=5

# Number of observations to make. Note that the total
# number of alerts will be NALERTS_PER_OBS * NOBSERVATIONS
# Set it to -1 if you want all alerts to be sent.
NOBSERVATIONS=3

# Time between 2 observations (second)
TIME_INTERVAL=1
`;

describe('fink_simulator', () => {
  let folder: string;
  let shell: Shell;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-fink-simulator-'));
    mkdirSync(join(folder, 'conf'));
    shell = new Shell(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['fink_simulator --frobnicate', 'unknown option: --frobnicate'],
    ['fink_simulator conf', 'unknown argument: conf'],
    ['fink_simulator -c', '-c requires an argument: path to configuration file'],
  ])('answers %j with the words and the exit code of the original', async (line, text) => {
    expect(await shell.run(line, folder).ended).toMatchObject({ code: 1, stdout: '', stderr: `${text}\n` });
  });

  it('takes no other configuration for one that is missing', async () => {
    const { code, stderr } = await shell.run('fink_simulator -c conf/none.conf', folder).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^fink_simulator: the configuration 'conf\/none\.conf' cannot be read: no such file or folder.*\n$/,
    );
  });

  onRealKafka('admin', "The document's stream", (kafka) => {
    const alerts = elasticcNight(120);
    const gathered = (): string => join(folder, 'gathered');
    const useConf = (topic: string, more = ''): void => {
      writeFileSync(
        join(folder, 'conf/fink_alert_simulator_elasticc.conf'),
        `KAFKA_IPPORT="${kafka.bootstrapServers}"\nKAFKA_TOPIC="${topic}"\nFINK_DATA_SIM=\${FOLDER}/gathered\n${DOCUMENT}${more}`,
      );
    };
    beforeAll(() => {
      writeGathered(gathered(), alerts);
      shell = new Shell(join(folder, 'with FOLDER'), { FOLDER: folder });
    });

    it('fink 1.3, 1.4, 1.5, 1.7: prints the block of the document and sends 15 bare alerts, earliest first', async () => {
      const topic = uniqueName('elasticc');
      useConf(topic);
      const { code, stdout, stderr } = await shell.run(LINE, folder).ended;
      expect(stderr).toMatch(new RegExp(`^apf: 15 alerts delivered to '${topic}' at .* in .* s$`, 'm'));
      expect(code).toBe(0);
      const sent = inOrder(alerts).slice(0, 15);
      const times = sent.map(({ diaSource }) => diaSource.midPointTai.toFixed(1));
      const lines = stdout.split('\n');
      expect(lines.slice(0, 3)).toEqual([
        'Reading custom configuration file from  conf/fink_alert_simulator_elasticc.conf',
        `Total alert available (${gathered()}): 120`,
        'Total alert to be sent: 15',
      ]);
      expect(lines[3]).toMatch(/^t0: \d{10}\.\d+$/);
      const starts = [4, 7, 10].map((i) => {
        expect(lines[i]).toMatch(/^Observation start: t0 \+ : \d+\.\d\d seconds$/);
        return Number(/: ([\d.]+) seconds/.exec(lines[i]!)![1]);
      });
      expect([5, 8, 11].map((i) => lines[i])).toEqual([
        `5 alerts sent (${times[0]} to ${times[4]})`,
        `5 alerts sent (${times[5]} to ${times[9]})`,
        `5 alerts sent (${times[10]} to ${times[14]})`,
      ]);
      expect([6, 9, 12].map((i) => lines[i])).toEqual([1, 2, 3].map((n) => `Observation ${n} done...`));
      expect(lines.slice(13)).toEqual(['']);
      // Each begins in a second of its own, whatever was left of the first at t0.
      const t0 = Number(lines[3]!.slice(4));
      const seconds = starts.map((start) => Math.floor(t0 + start + 0.01));
      expect(new Set(seconds).size).toBe(3);
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages.map(({ value }) => value)).toEqual(sent.map((alert) => ELASTICC.encode(alert)));
      for (const { key, headers = [] } of messages) expect([key ?? null, headers]).toEqual([null, []]);
    });

    it('fink 1.1: brings up a broker of its own with --docker, and sends to it', async () => {
      const own = new Shell(join(folder, 'with a state of its own'), {
        FOLDER: folder,
        XDG_STATE_HOME: join(folder, 'state'),
      });
      const [port] = await freePorts(1, '127.0.0.1');
      useConf('docker', `KAFKA_PORT_SIM=${port}\nNOBSERVATIONS=1\nTIME_INTERVAL=0\n`);
      try {
        const { code, stderr } = await own.run(`${LINE} --docker`, folder).ended;
        expect(stderr).toContain(
          `fink_simulator: Kafka was started at 127.0.0.1:${port}; end it with: apf kafka stop`,
        );
        expect(code).toBe(0);
        const sent = inOrder(alerts).slice(0, 5);
        const messages = await messagesOf(`127.0.0.1:${port}`, 'docker');
        expect(messages.map(({ value }) => value)).toEqual(sent.map((alert) => ELASTICC.encode(alert)));
      } finally {
        expect(await own.run('apf kafka stop --delete', folder).ended).toMatchObject({ code: 0 });
      }
    });

    it('fink 1.5: shows distinct ids where several alerts have the same time', async () => {
      const topic = uniqueName('elasticc');
      useConf(topic, 'DISPLAY_FIELD=diaSource,diaSourceId\nTIME_INTERVAL=0\nNPARTITIONS=3');
      const { stdout } = await shell.run(LINE, folder).ended;
      const ids = inOrder(alerts).map(({ diaSource }) => diaSource.diaSourceId);
      for (const i of [0, 5, 10]) expect(stdout).toContain(`5 alerts sent (${ids[i]} to ${ids[i + 4]})\n`);
      expect((await kafka.describeTopic(topic)).partitions).toBe(3);
    });

    it('fink 1.6: sends all with NOBSERVATIONS=-1, in observations as even as can be', async () => {
      const topic = uniqueName('elasticc');
      useConf(topic, 'NOBSERVATIONS=-1\nNALERTS_PER_OBS=50\nTIME_INTERVAL=0\nDISPLAY_FIELD=None');
      const { stdout } = await shell.run(LINE, folder).ended;
      expect(stdout).toContain(
        '\n\n        All 120 alerts to be sent (nobservations=-1), corresponding\n' +
          '        to 3 observations (40 alerts each).\n\nTotal alert available',
      );
      expect(stdout).toContain('Total alert to be sent: 120\n');
      expect(stdout).not.toContain('alerts sent (');
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages.map(({ value }) => value)).toEqual(
        inOrder(alerts).map((alert) => ELASTICC.encode(alert)),
      );
    });

    it('fink 1.6: says that there are fewer than were asked for, and the number that will be sent', async () => {
      const topic = uniqueName('elasticc');
      useConf(topic, 'NOBSERVATIONS=1000\nTIME_INTERVAL=0');
      const { code, stdout } = await shell.run(LINE, folder).ended;
      expect(stdout).toContain(
        '\n\n        You ask for more data than you have!\n' +
          `        Number of alerts on disk (${gathered()}): 120\n` +
          '        Number of alerts required (nalerts_per_obs * nobservations): 5000\n\n' +
          '        Hence, we reduced the number of observations to 25.\n\n',
      );
      expect(stdout).toContain('Total alert to be sent: 120\n');
      expect(code).toBe(0);
      expect(await messagesOf(kafka.bootstrapServers, topic)).toHaveLength(120);
    });

    it('sends one alert per observation, without waiting', async () => {
      const topic = uniqueName('elasticc');
      useConf(topic, 'NALERTS_PER_OBS=1\nTIME_INTERVAL=0');
      const { code, stdout } = await shell.run(LINE, folder).ended;
      expect(code).toBe(0);
      const [first] = inOrder(alerts).map(({ diaSource }) => diaSource.midPointTai.toFixed(1));
      expect(stdout).toContain(`1 alerts sent (${first} to ${first})\nObservation 1 done...\n`);
    });

    it('sends alerts of files that are bare values with EXTERNAL_SCHEMA, found over several files', async () => {
      const topic = uniqueName('elasticc');
      const bare = join(folder, 'bare');
      mkdirSync(bare);
      for (const [i, alert] of alerts.slice(0, 3).entries())
        writeFileSync(join(bare, `${i}.avro`), ELASTICC.encode(alert));
      writeFileSync(join(bare, '4.avro'), 'no alert');
      const json = JSON.parse(ELASTICC.json) as { fields: { name: string; type: unknown }[] };
      const source = json.fields[1]!.type as object;
      json.fields[1]!.type = 'elasticc.v0_9.diaSource';
      writeFileSync(join(bare, 'elasticc.v0_9.alert.avsc'), JSON.stringify(json));
      writeFileSync(
        join(bare, 'elasticc.v0_9.diaSource.avsc'),
        JSON.stringify({ ...source, namespace: 'elasticc.v0_9' }),
      );
      useConf(
        topic,
        "FINK_DATA_SIM=${FOLDER}/bare\nEXTERNAL_SCHEMA='bare/elasticc.v0_9.alert.avsc'\nNALERTS_PER_OBS=3\nNOBSERVATIONS=1\nTIME_INTERVAL=0",
      );
      const { code, stdout, stderr } = await shell.run(LINE, folder).ended;
      expect(stderr).toMatch(/^apf: bad: '.*4\.avro': .*\napf: 3 alerts delivered .*, 1 bad file\n$/);
      expect(stdout).toContain('Total alert available');
      expect(code).toBe(0);
      const messages = await messagesOf(kafka.bootstrapServers, topic);
      expect(messages.map(({ value }) => value)).toEqual(
        inOrder(alerts.slice(0, 3)).map((alert) => ELASTICC.encode(alert)),
      );
    });

    const night = process.env.APF_ALERTS && join(process.env.APF_ALERTS, 'elasticc-night.tar.gz');
    (night ? it : it.skip)(
      "fink 1.5: plays the document's night in the document's order (real alerts, where APF_ALERTS names them)",
      async () => {
        const topic = uniqueName('elasticc');
        useConf(topic, `FINK_DATA_SIM=${night}\nDISPLAY_FIELD=diaSource,diaSourceId\nTIME_INTERVAL=0`);
        const { stdout } = await shell.run(LINE, folder).ended;
        expect(stdout).toContain(`Total alert available (${night}): 5647\n`);
        const messages = await messagesOf(kafka.bootstrapServers, topic);
        expect(messages).toHaveLength(15);
        expect(stdout).toContain('5 alerts sent (2262001 to 1686000)');
        expect(stdout).toContain('5 alerts sent (1612001 to 1612002)');
        expect(stdout).toContain('5 alerts sent (1686002 to ');
      },
    );
  });
});
