import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { systemClock } from '@apf/core';

const execute = promisify(execFile);

/** A broker that we started, so that a later process can find it, or see that it is gone. */
export type BrokerProcess =
  | { readonly kind: 'java'; readonly pid: number; readonly marker: string }
  | { readonly kind: 'docker'; readonly container: string };

/** An argument of the Java command line that no other process has: process ids are used again, this is not. */
export function markerArgument(marker: string): string {
  return `-Dapf.kafka=${marker}`;
}

export async function isRunning(broker: BrokerProcess): Promise<boolean> {
  if (broker.kind === 'java') {
    return (await commandLine(broker.pid)).includes(markerArgument(broker.marker));
  }
  try {
    const { stdout } = await execute('docker', ['inspect', '-f', '{{.State.Running}}', broker.container]);
    return stdout.trim() === 'true';
  } catch {
    return false;
  }
}

/** Lets Kafka close its files, and ends it where it has not within `patience` ms. */
export async function stopBroker(broker: BrokerProcess, patience = 15_000): Promise<void> {
  if (!(await isRunning(broker))) return;
  if (broker.kind === 'docker') {
    await execute('docker', ['stop', '-t', String(Math.ceil(patience / 1000)), broker.container]);
    return;
  }
  process.kill(broker.pid, 'SIGTERM');
  if (!(await isGone(broker, patience))) await killBroker(broker);
}

/** As by `kill -9`: nothing is closed, nothing written. */
export async function killBroker(broker: BrokerProcess): Promise<void> {
  if (!(await isRunning(broker))) return;
  if (broker.kind === 'docker') await execute('docker', ['kill', broker.container]);
  else process.kill(broker.pid, 'SIGKILL');
  await isGone(broker, 10_000);
}

/** Ends the broker when this process ends, however it ends. The function given back calls that off. */
export function guardBroker(broker: BrokerProcess): () => void {
  // The pipe closes with this process, kill -9 included; only then does the shell get past `read`.
  const script =
    broker.kind === 'docker'
      ? 'read -r _; docker kill "$1"'
      : 'read -r _; { cat "/proc/$1/cmdline" 2>/dev/null || ps -ww -o command= -p "$1"; } | grep -qF -e "$2" && kill -9 "$1"';
  const args =
    broker.kind === 'docker' ? [broker.container] : [String(broker.pid), markerArgument(broker.marker)];
  const guard = spawn('sh', ['-c', script, 'sh', ...args], {
    detached: true, // not in our process group: Ctrl-C must not end the guard before its work
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  (guard.stdin as Socket).unref();
  return () => guard.kill('SIGKILL');
}

/** Waits until the process has given back its ports and files too, at most `within` ms. */
async function isGone(broker: BrokerProcess, within: number): Promise<boolean> {
  const end = systemClock.now() + within;
  while (await isPresent(broker)) {
    if (systemClock.now() > end) return false;
    await systemClock.sleep(20);
  }
  return true;
}

/** A process that ends loses its command line before its open files: then only its id is left to go by. */
async function isPresent(broker: BrokerProcess): Promise<boolean> {
  if (broker.kind === 'docker') return isRunning(broker);
  const line = await commandLine(broker.pid);
  return line === '' ? processExists(broker.pid) : line.includes(markerArgument(broker.marker));
}

/** Whether any process has this id, one of another user included. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, empty where there is none. Linux has it in a file, macOS by way of ps. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return (await execute('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
