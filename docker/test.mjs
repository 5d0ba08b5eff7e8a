// Builds the image of a generated step with its own Dockerfile and tries it: what is in it, that an edit of step.ts
// installs nothing again, and that it consumes from a real broker over SASL_PLAINTEXT and SASL_SSL
// and writes to its SQLite file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { startCluster } from '@apf/connectors';
import { parseSchema, writeContainer } from '@apf/core';
import Database from 'better-sqlite3';
import RdKafka from 'node-rdkafka';
import { readTopic } from '../scripts/read-topic.mjs';
import { buildah, Container, exportLayers } from './container.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const apf = join(here, '../packages/cli/bin/apf.js');
const work = mkdtempSync(join(tmpdir(), 'apf-image-'));
const project = join(work, 'sn_process');
const tag = 'apf-image-test';
const SECRET = 'pa55word-that-must-not-ship';
const ALERTS = 20;

const begun = Date.now();
const say = (line) => console.log(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);

function build() {
  const from = Date.now();
  const output = execFileSync(join(here, 'build.sh'), [project, tag], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { output, seconds: (Date.now() - from) / 1000 };
}

function generate() {
  execFileSync(process.execPath, [apf, 'new-step', 'sn_process', '--producer', 'kafka', '--db', 'sqlite'], {
    cwd: work,
  });
  writeFileSync(join(project, '.env'), `APF__CONSUMER_CONFIG__PARAMS__SASL_PASSWORD=${SECRET}\n`);
  copyFileSync(join(project, '.env'), join(project, 'scripts', '.env.production'));
}

/** Megabytes on disk, links counted once. */
const megabytes = (path) =>
  Number(execFileSync('du', ['-sm', '--one-file-system', path], { encoding: 'utf8' }).split('\t')[0]);

function checkContents(container) {
  const { config, root } = container;
  assert.equal(config.User, '1000:1000');
  assert.deepEqual(Object.keys(config.Volumes).sort(), ['/app/data', '/app/dead-letters']);
  assert.ok(config.Healthcheck, 'there is no health check');
  assert.deepEqual(readdirSync(join(root, 'app')).sort(), [
    'data',
    'dead-letters',
    'dist',
    'node_modules',
    'package.json',
    'schemas',
  ]);
  for (const name of ['dead-letters', 'data']) assert.equal(statSync(join(root, 'app', name)).uid, 1000);
  assert.equal(statSync(join(root, 'app/dist')).uid, 0);
  for (const name of ['typescript', 'jest', 'apf', 'node-gyp'])
    assert.ok(!existsSync(join(root, 'app/node_modules', name)), `${name} is in the image`);
  for (const name of ['usr/bin/g++', 'usr/bin/make', 'usr/bin/python3'])
    assert.ok(!existsSync(join(root, name)), `${name} is in the image`);

  const base = new Container(`docker.io/library/node:${process.versions.node.split('.')[0]}-bookworm-slim`);
  const [whole, slim] = [megabytes(root), megabytes(base.root)];
  base.remove();
  assert.ok(whole - slim < 110, `the image is ${whole - slim} MB larger than its base`);
  say(`contents are right: ${whole} MB, ${whole - slim} MB more than the base image`);
}

/** Neither what stands in .env nor where this machine gets its packages may be in any layer or in the configuration. */
function checkSecrets() {
  const hidden = [SECRET];
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const { host } = new URL(registry);
  if (host !== 'registry.npmjs.org') hidden.push(host);
  const folder = exportLayers(tag, join(work, 'layers'));
  assert.ok(readdirSync(folder).length > 3);
  const found = hidden.filter((text) => contains(folder, text));
  assert.deepEqual(found, [], 'in a layer');
  assert.ok(contains(folder, 'run_step'), 'the search finds what is there');
  rmSync(folder, { recursive: true });
  say('no secret and no registry of this machine is in a layer');
}

function contains(folder, text) {
  try {
    execFileSync('grep', ['--recursive', '--text', '--quiet', '--fixed-strings', text, folder]);
    return true;
  } catch (error) {
    if (error.status === 1) return false;
    throw error;
  }
}

/** Adds to the log line of the generated step, so that a run shows which one it is. */
function checkEdit() {
  const step = join(project, 'step.ts');
  const edited = readFileSync(step, 'utf8').replace("'alert'", "'alert, edited'");
  writeFileSync(step, edited);
  const { output, seconds } = build();
  assert.doesNotMatch(output, /added \d+ packages|Setting up /, 'an edit of step.ts installed something');
  assert.match(output, /RUN npm install --omit=dev\n--> Using cache/);
  say(`an edit of step.ts was built in ${seconds.toFixed(1)} s, without installing anything`);
}

/** Alerts as a survey sends them: each a container with its schema. */
function alertMessages(count) {
  const schema = parseSchema(ZTF_ALERT_SCHEMA);
  const now = new Date('2026-03-15T20:00:00Z');
  const night = syntheticZtf({ seed: 1, objects: 2 * count, now, cutouts: false });
  const messages = Array.from(night, ({ alert }) => writeContainer(schema, [alert])).slice(0, count);
  assert.equal(messages.length, count);
  return messages;
}

function produce(servers, topic, values) {
  const producer = new RdKafka.Producer({ 'bootstrap.servers': servers });
  return new Promise((resolve, reject) => {
    producer.on('event.error', reject);
    producer.connect({}, (error) => {
      if (error) return reject(error);
      for (const value of values) producer.produce(topic, null, value);
      producer.flush(10_000, (late) => producer.disconnect(() => (late ? reject(late) : resolve())));
    });
  });
}

/** Runs the image until it has processed the alerts and stops it as `docker stop` does. */
async function consume({ security, mechanism, servers, user, settings, count }) {
  const container = new Container(tag);
  try {
    const env = {
      ...settings,
      APF__CONSUMER_CONFIG__TOPICS: 'alerts',
      APF__PRODUCER_CONFIG__TOPIC: 'results',
    };
    for (const side of ['CONSUMER', 'PRODUCER']) {
      const params = {
        BOOTSTRAP_SERVERS: servers,
        SECURITY_PROTOCOL: security,
        SASL_MECHANISM: mechanism,
        SASL_USERNAME: user,
        SASL_PASSWORD: SECRET,
      };
      for (const [name, value] of Object.entries(params)) env[`APF__${side}_CONFIG__PARAMS__${name}`] = value;
      if (security === 'SASL_SSL') env[`APF__${side}_CONFIG__PARAMS__SSL_CA_LOCATION`] = '/tmp/ca.pem';
    }
    if (security === 'SASL_SSL') copyFileSync(settings.caFile, join(container.root, 'tmp/ca.pem'));
    delete env.caFile;
    assert.notEqual(await container.health(), 0, 'healthy before it runs');
    const running = container.start(env);
    const seen = (output) => output.split('"msg":"alert, edited"').length - 1;
    await running.until(
      (output) => seen(output) >= count && existsSync(join(container.root, 'tmp/apf-heartbeat')),
    );
    assert.equal(await container.health(), 0, 'not healthy while it runs');
    const told = Date.now();
    running.kill('SIGTERM');
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    assert.equal(seen(output), count, output);
    assert.doesNotMatch(output, new RegExp(SECRET));
    const rows = new Database(join(container.root, 'app/data/sn_process.sqlite'), { readonly: true });
    assert.equal(rows.prepare('select count(*) as n from sn_process').get().n, count);
    rows.close();
    say(
      `${security} with ${mechanism}: ${count} alerts; SIGTERM as process 1 ended it in ${Date.now() - told} ms`,
    );
  } finally {
    container.remove();
  }
}

async function checkBroker() {
  const cluster = await startCluster({ dir: join(work, 'kafka') });
  try {
    say(cluster.description);
    for (const topic of ['alerts', 'results']) await cluster.createTopic(topic);
    const messages = alertMessages(2 * ALERTS);
    const account = async (user, mechanism) => {
      await cluster.addUser(user, SECRET, mechanism);
      await cluster.allow({ user, operations: ['READ', 'DESCRIBE'], topic: 'alerts' });
      await cluster.allow({ user, operations: ['WRITE', 'DESCRIBE'], topic: 'results' });
      await cluster.allow({ user, operations: ['READ'], group: 'sn_process' });
    };
    await account('plain', 'SCRAM-SHA-256');
    await account('secure', 'SCRAM-SHA-512');

    await produce(cluster.bootstrapServers, 'alerts', messages.slice(0, ALERTS));
    const common = { count: ALERTS };
    await consume({
      ...common,
      security: 'SASL_PLAINTEXT',
      mechanism: 'SCRAM-SHA-256',
      servers: cluster.saslServers,
      user: 'plain',
      settings: {},
    });
    // The same group: had the first run not committed, the second would see its alerts again.
    await produce(cluster.bootstrapServers, 'alerts', messages.slice(ALERTS));
    await consume({
      ...common,
      security: 'SASL_SSL',
      mechanism: 'SCRAM-SHA-512',
      servers: cluster.sslServers,
      user: 'secure',
      settings: { caFile: cluster.caFile },
    });
    const results = await readTopic(cluster.bootstrapServers, 'results');
    assert.equal(results.length, 2 * ALERTS);
    say(`${results.length} results are on the broker, each once`);
  } finally {
    await cluster.remove();
  }
}

try {
  generate();
  const first = build();
  say(`the image is built (${first.seconds.toFixed(0)} s)`);
  assert.doesNotMatch(
    first.output,
    /gyp info|Setting up g\+\+/,
    'a package was compiled though its pack fits',
  );
  const container = new Container(tag);
  try {
    checkContents(container);
  } finally {
    container.remove();
  }
  checkSecrets();
  checkEdit();
  await checkBroker();
  say('the image is right');
} finally {
  if (existsSync(project)) execFileSync('rm', ['-rf', work]);
  try {
    buildah('rmi', tag);
  } catch {
    // It was never built.
  }
}
