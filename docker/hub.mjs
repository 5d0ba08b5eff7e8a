import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { findDistribution } from '../packages/connectors/dist/cluster/distribution.js';

/** A compose file's text with its variables set: those of `env`, else their defaults. */
export function readCompose(name, env = {}) {
  const text = readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
  return parse(
    text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, variable, otherwise) => env[variable] ?? otherwise),
    { merge: true },
  );
}

/**
 * The network and the broker of compose.hub.yml without Docker: a network namespace in which `kafka` is a name, and
 * Kafka in it, configured as its image does it, with the same class, of the service's environment.
 */
export class Hub {
  static async start(folder) {
    const { kafka } = readCompose('compose.hub.yml').services;
    const hub = new Hub();
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost kafka ${hostname()}\n`);
      const script = 'ip link set lo up && mount --bind "$0" /etc/hosts && echo ready && exec sleep infinity';
      const holder = hub.spawn('unshare', [
        ...['--net', '--mount', 'sh', '-c', script],
        join(folder, 'hosts'),
      ]);
      await said(holder, 'ready');
      hub.enter = ['nsenter', '--target', String(holder.pid), '--net'];
      hub.hosts = join(folder, 'hosts');
      await hub.startKafka(folder, { ...kafka.environment, KAFKA_LOG_DIRS: join(folder, 'data') });
      return hub;
    } catch (error) {
      hub.stop();
      throw error;
    }
  }

  children = [];

  async startKafka(folder, environment) {
    // Where there is no daemon: it is Java that is wanted.
    const { java, libs } = await findDistribution(console.log, {
      ...process.env,
      DOCKER_HOST: 'unix:///none',
    });
    const [defaults, mounted, made] = ['defaults', 'mounted', 'made'].map((name) => join(folder, name));
    for (const name of [defaults, mounted, made]) mkdirSync(name);
    for (const place of [defaults, made]) {
      writeFileSync(join(place, 'server.properties'), '');
      for (const name of ['log4j2.yaml', 'tools-log4j2.yaml'])
        writeFileSync(join(place, name), 'Configuration: { Loggers: { Root: { level: INFO } } }\n');
    }
    // With the mounts: the names of hosts are one.
    const [nsenter, ...into] = [...this.enter, '--mount'];
    const common = [java, '-Xmx512m', '-cp', join(libs, '*')];
    const env = { PATH: process.env.PATH, CLUSTER_ID: '5L6g3nShT-eMCtK--X86sw', ...environment };
    execFileSync(
      nsenter,
      [
        ...into,
        ...common,
        'kafka.docker.KafkaDockerWrapper',
        ...['setup', '-D', defaults, '-M', mounted, '-F', made],
      ],
      { env, stdio: 'pipe' },
    );
    const broker = this.spawn(
      nsenter,
      [...into, ...common, 'kafka.Kafka', join(made, 'server.properties')],
      env,
    );
    await said(broker, 'Kafka Server started');
  }

  spawn(command, args, env = process.env) {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    return child;
  }

  stop() {
    for (const child of this.children.reverse()) child.kill('SIGKILL');
  }
}

/** Resolves when a process has written `word`; rejects when it ends before that, as it must after a minute. */
async function said(child, word) {
  let output = '';
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${output.slice(-3000)}`)));
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        if (output.length < 1e6) output += text;
        if (output.includes(word)) resolve();
      });
  });
  clearTimeout(late);
}
