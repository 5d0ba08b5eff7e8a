import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FatalError } from '@apf/core';
import { markerArgument, type BrokerProcess } from './broker-process.js';
import type { Distribution } from './distribution.js';
import type { Ports } from './server-properties.js';

const execute = promisify(execFile);

export interface LaunchSpec {
  /** Names this start, and no other. */
  readonly marker: string;
  readonly dir: string;
  readonly properties: string;
  readonly log: string;
  readonly clusterId: string;
  readonly formatted: boolean;
  readonly ports: Ports;
  readonly publicBind: string;
  /** As in Java's -Xmx. */
  readonly heap: string;
}

/** Formats the data folder where it is new, and starts Kafka without waiting for it to be ready. */
export function launch(distribution: Distribution, spec: LaunchSpec): Promise<BrokerProcess> {
  return distribution.kind === 'docker'
    ? launchDocker(distribution.image, spec)
    : launchJava(distribution, spec);
}

async function launchJava(
  { java, libs }: { java: string; libs: string },
  spec: LaunchSpec,
): Promise<BrokerProcess> {
  const common = [
    '-cp',
    join(libs, '*'),
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  ];
  if (!spec.formatted) {
    const format = ['format', '--ignore-formatted', '-t', spec.clusterId, '-c', spec.properties];
    // The short life of this one is spent on compiling: the first compiler alone is quicker.
    await execute(java, ['-XX:TieredStopAtLevel=1', ...common, 'kafka.tools.StorageTool', ...format]).catch(
      (error: Error & { stderr?: string }) => {
        const said = error.stderr?.trim().split('\n').at(-1) ?? error.message;
        throw new FatalError(`Kafka could not format ${spec.dir}: ${said}`, {
          code: 'APF_KAFKA_START',
          cause: error,
        });
      },
    );
  }
  const log = await open(spec.log, 'a');
  try {
    const child = spawn(
      java,
      [`-Xmx${spec.heap}`, markerArgument(spec.marker), ...common, 'kafka.Kafka', spec.properties],
      { cwd: spec.dir, detached: true, stdio: ['ignore', log.fd, log.fd] },
    );
    await once(child, 'spawn');
    child.unref();
    return { kind: 'java', pid: child.pid as number, marker: spec.marker };
  } finally {
    await log.close();
  }
}

/**
 * The image runs with the same files at the same paths, as the user who owns them; its own start script, which makes
 * a configuration from the environment, is passed over.
 */
async function launchDocker(image: string, spec: LaunchSpec): Promise<BrokerProcess> {
  const container = `apf-kafka-${spec.marker}`;
  const logs = join(spec.dir, 'logs');
  await mkdir(logs, { recursive: true });
  const { plaintext, sasl, ssl } = spec.ports;
  const script =
    '{ /opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t "$1" -c "$2" &&' +
    ' exec /opt/kafka/bin/kafka-server-start.sh "$2"; } >> "$3" 2>&1';
  // prettier-ignore
  const args = [
    'run', '--detach', '--rm', '--name', container,
    '--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    '--volume', `${spec.dir}:${spec.dir}`,
    '--publish', `127.0.0.1:${plaintext}:${plaintext}`,
    '--publish', `${spec.publicBind}:${sasl}:${sasl}`,
    '--publish', `${spec.publicBind}:${ssl}:${ssl}`,
    '--env', `LOG_DIR=${logs}`,
    '--env', `KAFKA_HEAP_OPTS=-Xmx${spec.heap}`,
    '--entrypoint', 'sh', image, '-c', script, 'sh', spec.clusterId, spec.properties, spec.log,
  ];
  try {
    await execute('docker', args);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new FatalError(`docker run ${image} failed: ${said}`, { code: 'APF_KAFKA_START', cause: error });
  }
  return { kind: 'docker', container };
}
