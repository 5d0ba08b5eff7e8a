import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  isRunning,
  killBroker,
  markerArgument,
  stopBroker,
  type BrokerProcess,
} from '../../src/cluster/broker-process.js';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process that waits, with a command line like a broker's; it stands in for the JVM, which takes seconds. */
async function standIn(marker: string, script = 'setInterval(() => {}, 1e9)'): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['-e', `${script}; console.log('ready')`, '--', markerArgument(marker)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  started.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

function broker(child: ChildProcess, marker: string): BrokerProcess {
  return { kind: 'java', pid: child.pid as number, marker };
}

it('a process runs while its command line has the marker', async () => {
  const child = await standIn('mine');
  expect(await isRunning(broker(child, 'mine'))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isRunning(broker(child, 'mine'))).toBe(false);
});

it('a process that was given the same id later is left alone', async () => {
  const child = await standIn('somebody-else');
  const stale = broker(child, 'mine');
  expect(await isRunning(stale)).toBe(false);
  await stopBroker(stale);
  await killBroker(stale);
  expect(await isRunning(broker(child, 'somebody-else'))).toBe(true);
});

it('stopping asks first', async () => {
  const child = await standIn(
    'mine',
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e9)",
  );
  const exit = once(child, 'exit');
  await stopBroker(broker(child, 'mine'));
  expect(await exit).toEqual([7, null]);
});

it('stopping ends by force what does not end within its time', async () => {
  const child = await standIn('mine', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e9)");
  const exit = once(child, 'exit');
  await stopBroker(broker(child, 'mine'), 100);
  expect(await exit).toEqual([null, 'SIGKILL']);
});

describe('a guarded broker', () => {
  /** A process of its own that guards the broker, and says so. */
  async function guardIn(
    pid: number,
    marker: string,
    then = `console.log('guarding'); setInterval(() => {}, 1e9)`,
  ): Promise<ChildProcess> {
    const script = `
      import { createJiti } from 'jiti';
      const jiti = createJiti(${JSON.stringify(import.meta.url)}, { alias: { '@apf/core': ${JSON.stringify(source('../../../core/src/index.ts'))} } });
      const { guardBroker } = await jiti.import(${JSON.stringify(source('../../src/cluster/broker-process.ts'))});
      const callOff = guardBroker({ kind: 'java', pid: ${pid}, marker: '${marker}' });
      ${then}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(child);
    if (child.stdout) await once(child.stdout, 'data');
    return child;
  }

  it('ends when the process that started it is killed', async () => {
    const child = await standIn('mine');
    const exit = once(child, 'exit');
    const starter = await guardIn(child.pid as number, 'mine');
    starter.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('is no longer guarded once that is called off', async () => {
    const child = await standIn('mine');
    const starter = await guardIn(
      child.pid as number,
      'mine',
      "callOff(); console.log('not guarding'); setInterval(() => {}, 1e9)",
    );
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    // Whatever a second guard does, it does after the first would have: this one is the sign that time has passed.
    const other = await standIn('other');
    const otherExit = once(other, 'exit');
    const second = await guardIn(other.pid as number, 'other');
    second.kill('SIGKILL');
    await otherExit;
    expect(await isRunning(broker(child, 'mine'))).toBe(true);
  });

  it('does not keep its starter from ending', async () => {
    const child = await standIn('mine');
    const exit = once(child, 'exit');
    const starter = await guardIn(child.pid as number, 'mine', "console.log('guarding')");
    expect(await once(starter, 'exit')).toEqual([0, null]);
    expect(await exit).toEqual([null, 'SIGKILL']);
  });
});

function source(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
