import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDistribution, KAFKA_VERSION } from '../../src/cluster/distribution.js';

/** Programs that answer as Docker, Java and Maven do, on a PATH with nothing else. */
const JAVA_17 = `echo 'openjdk version "17.0.15" 2025-04-15' >&2`;
const JAVA_8 = `echo 'java version "1.8.0_402"' >&2`;
const MAVEN = `for a in "$@"; do case "$a" in -DoutputDirectory=*) out="\${a#*=}";; esac; done
mkdir -p "$out"; cp pom.xml "$out/kafka.jar"`;
const MAVEN_OFFLINE = `${MAVEN}; echo '[ERROR] Unknown host repo.example'; exit 1`;

let base: string;
let lines: string[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'apf-distribution-'));
  lines = [];
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function find(programs: Record<string, string>): ReturnType<typeof findDistribution> {
  const bin = join(base, 'bin');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\nPATH=/bin:/usr/bin\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const env = { PATH: bin, XDG_CACHE_HOME: join(base, 'cache') };
  return findDistribution((line) => lines.push(line), env);
}

async function cached(): Promise<string[]> {
  return readdir(join(base, 'cache', 'apf')).catch(() => []);
}

it('Docker comes first where its daemon answers', async () => {
  const found = await find({ docker: 'exit 0', java: JAVA_17, mvn: MAVEN });
  expect(found).toEqual({ kind: 'docker', image: `apache/kafka:${KAFKA_VERSION}` });
  expect(lines).toEqual([]);
});

it('an image that Docker has yet to pull is announced', async () => {
  await find({ docker: '[ "$1" = info ]' });
  expect(lines).toEqual([`Docker pulls apache/kafka:${KAFKA_VERSION}, once`]);
});

it('Java and Maven serve where a Docker client has no daemon, and Kafka is fetched once', async () => {
  const programs = { docker: 'exit 1', java: JAVA_17, mvn: MAVEN };
  const libs = join(base, 'cache', 'apf', `kafka-${KAFKA_VERSION}`);
  expect(await find(programs)).toEqual({ kind: 'java', java: 'java', major: 17, libs });
  expect(await readFile(join(libs, 'kafka.jar'), 'utf8')).toContain(`<version>${KAFKA_VERSION}</version>`);
  expect(lines).toEqual([expect.stringMatching(/^fetching Kafka .* once, about 54 MB/)]);
  expect(await cached()).toEqual([`kafka-${KAFKA_VERSION}`]);

  const withoutMaven = { java: JAVA_17 };
  expect(await find(withoutMaven)).toMatchObject({ libs });
  expect(lines).toHaveLength(1);
});

it('a fetch that fails halfway leaves nothing that looks complete', async () => {
  await expect(find({ java: JAVA_17, mvn: MAVEN_OFFLINE })).rejects.toMatchObject({
    code: 'APF_KAFKA_START',
    message: expect.stringContaining('Unknown host repo.example'),
  });
  expect(await cached()).toEqual([]);
  await expect(find({ java: JAVA_17, mvn: MAVEN })).resolves.toMatchObject({ kind: 'java' });
});

it.each([
  [
    'nothing at all',
    {},
    /Docker or Java: .* no Java here\. Start Docker, or install Java 17 or newer and Maven/,
  ],
  [
    'a Java that is too old',
    { java: JAVA_8, mvn: MAVEN },
    /Java 8 here\. Start Docker, or install Java 17 or newer and Maven/,
  ],
  ['Java without Maven', { java: JAVA_17 }, /Maven, which fetches Kafka, is not: install Maven/],
])('with %s the error names both cures', async (_, programs, message) => {
  await expect(find(programs)).rejects.toMatchObject({
    code: 'APF_KAFKA_MISSING',
    message: expect.stringMatching(message),
  });
});
