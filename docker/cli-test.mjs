// Builds the image of the command and runs in it the `docker run` lines of LSST's document, against a real broker: what
// they print, how they end, and whose the files are that they write.
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
import { startCluster } from '@apf/connectors';
import { parseSchema, writeContainer } from '@apf/core';
import { buildah, Container, imageConfig } from './container.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'apf-image-'));
const tag = 'apf-cli-image-test';
/** The person at the machine, who is nobody that the image knows. */
const CALLER = 12_345;

const begun = Date.now();
const say = (line) => console.log(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);

/**
 * Runs a line of the document; `$PWD` is the caller's folder, and the broker's address is what it is here.
 * @param more options of `docker run` that the document's line has not
 */
function dockerRun(line, servers = 'kafka:9092', more = []) {
  const words = line.replaceAll('$PWD', work).replace('kafka:9092', servers).split(/\s+/);
  const at = words.findIndex((word) => word === 'alert_stream' || word === 'apf');
  const options = [...more, ...words.slice(2, at)];
  const mounts = options
    .filter((_, i) => options[i - 1] === '-v')
    .map((mount) => mount.split(':'))
    .map(([from, to, access]) => ({ from, to, readOnly: access === 'ro' }));
  const user = options.find((option) => option.startsWith('--user='))?.slice('--user='.length);
  const container = new Container(tag);
  containers.push(container);
  return {
    container,
    ...container.docker(words.slice(at + 1), { mounts, user, terminal: options.includes('-it') }),
  };
}
const containers = [];

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

function keep(container) {
  containers.push(container);
  return container;
}

/** A visit as LSST's sample data has it: a file of alerts. */
function makeData() {
  const data = ownFolder('data');
  const start = new Date('2026-03-15T20:00:00Z');
  const sky = syntheticSky({ survey: 'lsst', seed: 1, objects: 60, start, nights: 1 });
  const alerts = Array.from(sky.alerts(), ({ alert }) => alert).slice(0, 25);
  const file = join(data, 'alerts_11574.avro');
  writeFileSync(file, writeContainer(parseSchema(sky.schema), alerts));
  chownSync(file, CALLER, CALLER);
  chmodSync(file, 0o600);
  return alerts;
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

async function checkOwners(servers, count) {
  const line = `docker run --rm -v $PWD/stamps:/home/alert_stream/stamps:rw
    alert_stream python bin/printStream.py kafka:9092 my-stream 1 --stampDir stamps`;
  const enough = (folder) => () => existsSync(folder) && readdirSync(folder).length >= 3 * count;
  const run = async (name, owner, more = []) => {
    const folder = ownFolder(name, owner);
    const running = dockerRun(line.replace('$PWD/stamps', `$PWD/${name}`), servers, more);
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
  await run('stamps', CALLER);
  say(`${3 * count} stamps lie in the mounted folder, its owner’s`);
  await run('users-stamps', 777, ['--user=777:777']);
  await run('roots-stamps', 0);
  say('so they do with --user, and where root owns the folder');
}

async function checkStream(alerts) {
  const cluster = await startCluster({ dir: join(work, 'kafka') });
  try {
    say(cluster.description);
    const servers = cluster.bootstrapServers;
    // On the grid of 39 s.
    const sender = dockerRun(
      `docker run --rm
     --network=alert_stream_default
     -v $PWD/data:/home/alert_stream/data:ro
     alert_stream python bin/sendAlertStream.py kafka:9092 my-stream`,
      servers,
    );
    await checkWords();
    const sent = await sender.ended;
    assert.equal(sent.code, 0, sent.output);
    assert.match(sent.output, /visit: 11574 \ttime: \d+\.\d+/);
    assert.match(sent.output, /visits finished: 1 \t time: \d+\.\d+/);
    say(`the visit was sent: ${alerts.length} alerts`);

    const printer = dockerRun(
      `docker run -it --rm
     --network=alert_stream_default
     alert_stream python bin/printStream.py kafka:9092 my-stream 1`,
      servers,
    );
    const printed = (output) => output.split('"diaSource":').length - 1;
    await printer.until((output) => printed(output) >= alerts.length);
    // Ctrl-C.
    printer.type('\x03');
    const { code, output } = await printer.ended;
    assert.equal(code, 0, output);
    assert.equal(printed(output), alerts.length);
    for (const { diaSourceId } of alerts) assert.ok(output.includes(`"diaSourceId":${diaSourceId}`));
    say('printStream printed each, and Ctrl-C ended it');

    const monitor = dockerRun(
      `docker run -it --rm
     --network=alert_stream_default
     alert_stream python bin/monitorStream.py kafka:9092 my-stream`,
      servers,
    );
    const ending = `topic:my-stream, partition:0, status:end, offset:${alerts.length}, key:None, time:`;
    await monitor.until((text) => text.includes(ending));
    monitor.type('\x03');
    assert.equal((await monitor.ended).code, 0);
    say('monitorStream told where the stream ends');
    await checkOwners(servers, alerts.length);
  } finally {
    await cluster.remove();
  }
}

try {
  build();
  await checkStream(makeData());
  say('the image is right');
} finally {
  for (const container of containers) container.remove();
  rmSync(work, { recursive: true, force: true });
  try {
    buildah('rmi', tag);
  } catch {
    // It was never built.
  }
}
