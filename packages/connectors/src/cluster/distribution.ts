import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FatalError } from '@apf/core';

const execute = promisify(execFile);

export const KAFKA_VERSION = '4.1.1';
const SCALA_VERSION = '2.13';
/** Kafka logs through slf4j 1.7; without a binding its failures are silent. */
const SLF4J_VERSION = '1.7.36';
const OLDEST_JAVA = 17;
const FETCH = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** What runs Kafka on this machine. */
export type Distribution =
  | { readonly kind: 'docker'; readonly image: string }
  | { readonly kind: 'java'; readonly java: string; readonly major: number; readonly libs: string };

/** In words, for whoever reads which broker the tests ran on. */
export function describeDistribution(distribution: Distribution): string {
  return distribution.kind === 'docker' ? 'Docker' : `Java ${distribution.major}`;
}

/**
 * Docker where a daemon answers; else Java and Kafka's artifacts, fetched by Maven into the user's cache the first
 * time. Rejects with the cures where neither is there.
 */
export async function findDistribution(
  onProgress: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Distribution> {
  if (await answers('docker', ['info', '--format', '{{.ServerVersion}}'], env)) {
    const image = `apache/kafka:${KAFKA_VERSION}`;
    if (!(await answers('docker', ['image', 'inspect', image], env)))
      onProgress(`Docker pulls ${image}, once`);
    return { kind: 'docker', image };
  }
  const java = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java';
  const major = await javaMajor(java, env);
  if (major === undefined || major < OLDEST_JAVA) {
    const found = major === undefined ? 'no Java' : `Java ${major}`;
    throw new FatalError(
      `Kafka needs Docker or Java: there is no answer from a Docker daemon, and ${found} here. ` +
        `Start Docker, or install Java ${OLDEST_JAVA} or newer and Maven (Debian: apt-get install openjdk-17-jre-headless maven)`,
      { code: 'APF_KAFKA_MISSING' },
    );
  }
  return { kind: 'java', java, major, libs: await artifacts(onProgress, env) };
}

/** The folder of Kafka's jars. It appears by a rename when it is complete, so that it is whole or absent. */
async function artifacts(onProgress: (line: string) => void, env: NodeJS.ProcessEnv): Promise<string> {
  const cache = cacheDir(env);
  if (await exists(cache)) return cache;
  onProgress(`fetching Kafka ${KAFKA_VERSION} by Maven, once, about 54 MB, into ${cache}`);
  await mkdir(join(cache, '..'), { recursive: true });
  const work = await mkdtemp(`${cache}.partial-`);
  try {
    await writeFile(join(work, 'pom.xml'), pom());
    const libs = join(work, 'libs');
    await maven(work, ['-B', '-q', FETCH, '-DincludeScope=runtime', `-DoutputDirectory=${libs}`], env);
    await rename(libs, cache).catch(async (error: unknown) => {
      // Another process fetched at the same time and was first: its copy is as good.
      if (!(await exists(cache))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return cache;
}

async function maven(cwd: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await execute('mvn', args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string };
    const said = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.includes('ERROR'));
    if (code === 'ENOENT') {
      throw new FatalError(
        'Java is here, but Maven, which fetches Kafka, is not: install Maven (Debian: apt-get install maven), or start Docker',
        { code: 'APF_KAFKA_MISSING', cause: error },
      );
    }
    throw new FatalError(`Maven could not fetch Kafka ${KAFKA_VERSION}: ${said[0] ?? String(error)}`, {
      code: 'APF_KAFKA_START',
      cause: error,
    });
  }
}

function cacheDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'apf', `kafka-${KAFKA_VERSION}`);
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>apf</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${dependency('org.apache.kafka', `kafka_${SCALA_VERSION}`, KAFKA_VERSION)}
${dependency('org.apache.kafka', 'kafka-tools', KAFKA_VERSION)}
${dependency('org.slf4j', 'slf4j-simple', SLF4J_VERSION)}
</dependencies>
</project>
`;
}

/** The major version of a Java command (that of 1.8 is 8), or undefined where it does not run. */
async function javaMajor(java: string, env: NodeJS.ProcessEnv): Promise<number | undefined> {
  try {
    const { stderr } = await execute(java, ['-version'], { env });
    const major = /version "(?:1\.)?(\d+)/.exec(stderr)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

async function answers(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await execute(command, args, { env, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
