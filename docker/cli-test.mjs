// Builds the image of the command, brings up the hub of compose.hub.yml, and runs the `docker run` lines of LSST's document
// word for word: what they print, how they end, whose the files are that they write; then what else is in that file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
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
import { syntheticSky } from '@apf/alerts';
import { parseSchema, writeContainer } from '@apf/core';
import { parseAllDocuments } from 'yaml';
import { buildah, Container, imageConfig } from './container.mjs';
import { Hub, readCompose } from './hub.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'apf-image-'));
const tag = 'apf-cli-image-test';
/** The person at the machine, who is nobody that the image knows. */
const CALLER = 12_345;

const begun = Date.now();
const say = (line) => console.log(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);

let hub;
const containers = [];
const keep = (container) => {
  containers.push(container);
  return container;
};

/**
 * Runs a line of the document; `$PWD` is the caller's folder.
 * @param more options of `docker run` that the document's line has not
 */
function dockerRun(line, more = []) {
  const words = line.replaceAll('$PWD', work).split(/[\s\\]+/);
  const at = words.findIndex((word) => word === 'alert_stream' || word === 'apf');
  const options = [...more, ...words.slice(2, at)];
  const mounts = options
    .filter((_, i) => options[i - 1] === '-v')
    .map((mount) => mount.split(':'))
    .map(([from, to, access]) => ({ from, to, readOnly: access === 'ro' }));
  const user = options.find((option) => option.startsWith('--user='))?.slice('--user='.length);
  return keep(new Container(tag)).docker(words.slice(at + 1), {
    ...{ mounts, user, terminal: options.includes('-it') },
    network: options.includes('--network=alert_stream_default') ? hub : undefined,
  });
}

/** Starts a service of the compose file. */
function composeUp({ command, user }, more = '') {
  return keep(new Container(tag)).docker(`${command}${more}`.split(' '), { user, network: hub });
}

/** A folder of the caller's, for no one else to see. */
function ownFolder(name, owner = CALLER) {
  const folder = join(work, name);
  mkdirSync(folder);
  chownSync(folder, owner, owner);
  chmodSync(folder, 0o700);
  return folder;
}

const megabytes = (path) =>
  Number(execFileSync('du', ['-sm', '--one-file-system', path], { encoding: 'utf8' }).split('\t')[0]);

function build() {
  const from = Date.now();
  execFileSync(join(here, 'build.sh'), [join(here, '..'), tag, join(here, 'cli.Dockerfile')], {
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { root } = keep(new Container(tag));
  const base = keep(
    new Container(`docker.io/library/node:${process.versions.node.split('.')[0]}-bookworm-slim`),
  );
  const [whole, slim] = [megabytes(root), megabytes(base.root)];
  say(
    `the image is built (${((Date.now() - from) / 1000).toFixed(0)} s): ${whole} MB, ${whole - slim} MB more than its base`,
  );
  assert.ok(whole - slim < 130);
  for (const name of ['usr/bin/g++', 'usr/bin/strip', 'usr/bin/python3', 'opt/apf/node_modules/typescript'])
    assert.ok(!existsSync(join(root, name)), `${name} is in the image`);
  const env = imageConfig(tag).Env.join(' ');
  assert.doesNotMatch(env, /proxy|token|registry/i);
}

/** A visit as LSST's sample data has it, a file of alerts. Returns how many there are, and those that pass the filter. */
function makeData() {
  const file = join(ownFolder('data'), 'alerts_11574.avro');
  const start = new Date('2026-03-15T20:00:00Z');
  const sky = syntheticSky({ survey: 'lsst', seed: 1, objects: 60, start, nights: 1 });
  const alerts = Array.from(sky.alerts(), ({ alert }) => alert);
  writeFileSync(file, writeContainer(parseSchema(sky.schema), alerts));
  chownSync(file, CALLER, CALLER);
  chmodSync(file, 0o600);
  const bright = alerts.filter(({ diaSource: { snr, psfFlux } }) => snr > 5 && psfFlux > 36_310);
  return { alerts: alerts.length, bright };
}

async function checkWords() {
  const help = await dockerRun('docker run -it --rm alert_stream python bin/sendAlertStream.py -h').ended;
  assert.equal(help.code, 0);
  assert.match(help.output, /^usage: sendAlertStream.py \[-h\] broker topic\r?\n/);
  for (const words of ['', '--help']) {
    const { code, output } = await dockerRun(`docker run --rm apf ${words}`.trim()).ended;
    assert.equal(code, 0, output);
    assert.match(output, /apf simulate/);
  }
  const mistake = await dockerRun('docker run --rm apf consume --no-such').ended;
  assert.equal(mistake.code, 2, mistake.output);
  for (const words of ['setup.py', 'bin/apf.js', 'bin/../bin/printStream.py', '-c print(1)', '']) {
    const { code, output } = await dockerRun(`docker run --rm alert_stream python ${words}`.trim()).ended;
    assert.equal(code, 2, output);
    assert.match(output, /^python: this image has no Python; .* bin\/printStream\.py, .*\n$/);
  }
  say('help is the document’s, `apf` takes its own words, python runs nothing else');
}

const printed = (output) => output.split('"diaSource":').length - 1;

/** The lines that the document has for one machine, as they stand there. */
async function checkDocument({ alerts, bright }) {
  const sender = dockerRun(`docker run -it --rm \
     --network=alert_stream_default \
     -v $PWD/data:/home/alert_stream/data:ro \
     alert_stream python bin/sendAlertStream.py kafka:9092 my-stream`);
  // Meanwhile: visits leave on the grid of 39 s.
  await checkWords();
  const filter = dockerRun(`docker run -it --rm \
    --network=alert_stream_default \
    alert_stream python bin/filterStream.py kafka:9092 my-stream 1`);
  const printer = dockerRun(`docker run -it --rm \
     --network=alert_stream_default \
     alert_stream python bin/printStream.py kafka:9092 Filter001 1`);
  const ending = `topic:Filter001, partition:0, status:end, offset:`;
  const monitor = dockerRun(`docker run -it --rm \
     --network=alert_stream_default \
     alert_stream python bin/monitorStream.py kafka:9092 Filter001`);
  const sent = await sender.ended;
  assert.equal(sent.code, 0, sent.output);
  assert.match(sent.output, /visit: 11574 \ttime: \d+\.\d+/);
  assert.match(sent.output, /visits finished: 1 \t time: \d+\.\d+/);
  say(`sendAlertStream sent the visit, ${alerts} alerts`);

  await printer.until((output) => printed(output) >= bright.length);
  await monitor.until((output) => output.includes(`${ending}${bright.length}, key:None, time:`));
  for (const running of [printer, monitor, filter]) {
    running.type('\x03');
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
  }
  const { output } = await printer.ended;
  assert.equal(printed(output), bright.length);
  for (const { diaSourceId } of bright) assert.ok(output.includes(`"diaSourceId":${diaSourceId}`));
  say(
    `filterStream passed ${bright.length}, printStream printed those, monitorStream told; Ctrl-C ended them`,
  );
}

async function checkOwners(count) {
  const line = `docker run --rm --network=alert_stream_default -v $PWD/stamps:/home/alert_stream/stamps:rw
    alert_stream python bin/printStream.py kafka:9092 Filter001 1 --stampDir stamps`;
  const enough = (folder) => () => existsSync(folder) && readdirSync(folder).length >= 3 * count;
  const run = async (name, owner, more = []) => {
    const folder = ownFolder(name, owner);
    const running = dockerRun(line.replace('$PWD/stamps', `$PWD/${name}`), more);
    await running.until(enough(folder));
    running.kill('SIGINT');
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    const files = readdirSync(folder).map((file) => join(folder, file));
    assert.equal(files.length, 3 * count);
    for (const file of files) {
      const { uid, gid } = statSync(file);
      assert.deepEqual([uid, gid], [owner, owner], file);
      assert.equal(readFileSync(file).subarray(0, 9).toString(), 'SIMPLE  =');
    }
  };
  await Promise.all([
    run('stamps', CALLER),
    run('users-stamps', 777, ['--user=777:777']),
    run('roots-stamps', 0),
  ]);
  say(`${3 * count} stamps lie in the mounted folder, its owner’s: a person’s, root’s, and with --user`);
}

/** All that the compose file starts, and what the pods of Kubernetes do otherwise. */
async function checkServices() {
  const { services } = readCompose('compose.hub.yml', { OBJECTS: '200' });
  const topics = await composeUp(services.topics).ended;
  assert.equal(topics.code, 0, topics.output);
  // Off the grid of 39 s.
  const sender = composeUp(services.sender, ' --interval 1');
  const filters = [composeUp(services.filters), composeUp(services.filters)];
  await sender.until((output) => output.includes('visits finished: 3'));
  const consumer = composeUp(services.consumer);
  const consumerall = composeUp(services.consumerall);
  const monitor = composeUp(services.monitor);
  const lag = composeUp(services.lag);
  await consumer.until((output) => printed(output) > 0);
  await consumerall.until((output) => printed(output) > 0);
  await monitor.until((output) => /topic:Filter001, partition:0, status:end/.test(output));
  await lag.until((output) => /"filters"/.test(output));
  const pods = parseAllDocuments(readFileSync(join(here, 'kubernetes/hub/consumers.yaml'), 'utf8'));
  const stateful = pods.map((document) => document.toJS()).find(({ kind }) => kind === 'StatefulSet');
  const [{ command }] = stateful.spec.template.spec.containers;
  const pod = keep(new Container(tag)).run(
    command,
    { HOSTNAME: 'consumer-0' },
    { user: '1000:1000', network: hub },
  );
  await pod.until((output) => printed(output) > 0);
  for (const running of [sender, ...filters, consumer, consumerall, monitor, lag, pod]) {
    running.kill('SIGTERM');
    const { code, output } = await running.ended;
    assert.ok([0, 130, 143].includes(code), `${code}: ${output.slice(-2000)}`);
  }
  say('every service of the compose file does its work, and ends when it is told to');
}

/** Who comes from outside of the network must be somebody, and may do what that one was granted. */
async function checkOutside() {
  const granted = await dockerRun(
    'docker run --rm --network=alert_stream_default apf kafka grant --servers kafka:9092 --user jane --topics Filter001 --group-prefix jane',
  ).ended;
  assert.equal(granted.code, 0, granted.output);
  const password = /password\W+(\S{12,})/i.exec(granted.output)?.[1];
  assert.ok(password, granted.output);
  const consume = (topic, secret) =>
    dockerRun(
      `docker run --rm --network=alert_stream_default apf consume --servers localhost:9094 --username jane --password ${secret} --topics ${topic} --group jane --limit 1 --format json --timeout 20`,
    ).ended;
  const [read, ...refused] = await Promise.all([
    consume('Filter001', password),
    consume('Filter001', 'wrong-password'),
    consume('full-stream', password),
  ]);
  assert.equal(read.code, 0, read.output);
  assert.equal(printed(read.output), 1);
  for (const { code, output } of refused) assert.equal(code, 1, output);
  say('from outside: whoever was granted a stream reads it, with the password, and no other');
}

try {
  build();
  const data = makeData();
  hub = await Hub.start(join(work, 'hub'));
  say('the hub of the compose file runs');
  await checkDocument(data);
  await checkOwners(data.bright.length);
  await Promise.all([checkServices(), checkOutside()]);
  say('the image is right');
} finally {
  for (const container of containers) container.remove();
  hub?.stop();
  rmSync(work, { recursive: true, force: true });
  try {
    buildah('rmi', tag);
  } catch {
    // It was never built.
  }
}
