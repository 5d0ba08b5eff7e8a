import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FatalError, UsageError } from '@apf/core';
import type { AdminLogin } from '../administration/admin-login.js';
import { type KafkaAdmin, kafkaAdmin } from '../administration/kafka-admin.js';
import { guardBroker, isRunning, killBroker, stopBroker } from './broker-process.js';
import {
  addressesOf,
  adminLoginOf,
  logFile,
  startBroker,
  untilServing,
  type Addresses,
  type BrokerOptions,
} from './start-broker.js';
import { readState, withLock, type ClusterState } from './state.js';

export { KafkaStartError, type Addresses, type BrokerOptions } from './start-broker.js';

export interface ClusterOptions extends BrokerOptions {
  /** The broker goes on after this process; otherwise it ends with it, however that ends. */
  readonly detached?: boolean;
}

/** A running Kafka of one node. */
export interface RunningCluster extends Addresses, KafkaAdmin {
  /** PEM, for `ssl.ca.location`. */
  readonly caFile: string;
  readonly dir: string;
  readonly log: string;
  /** 'Kafka 4.1.1 on Java 17', for people. */
  readonly description: string;
  /** How to administer it; in a secured cluster with a password. */
  readonly login: AdminLogin;
  /** It was running before it was asked for. */
  readonly alreadyRunning: boolean;
  /** Ends Kafka properly; topics, users and addresses are kept for the next start. */
  stop(): Promise<void>;
  /** Stops Kafka and deletes `dir`. */
  remove(): Promise<void>;
}

export interface Cluster extends RunningCluster {
  /** Ends Kafka as a power cut would. */
  kill(): Promise<void>;
  /** Stops Kafka where it runs, and starts it on the same data and addresses. */
  restart(): Promise<void>;
}

/**
 * Starts Apache Kafka in KRaft mode, by Docker where a daemon answers, else by Java, and waits until it serves.
 * A cluster that runs in `dir` already is given back as it is; a stopped one starts again with its data, and with its
 * addresses unless another program has taken a port. Rejects with APF_KAFKA_MISSING where the machine cannot run
 * Kafka, with APF_KAFKA_START ({@link KafkaStartError}) where Kafka fails.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  if (options.host !== undefined) checkHost(options.host);
  const settled = { ...options, dir: resolve(options.dir) };
  let running = await ensureRunning(settled);
  return {
    ...handle(settled.dir, () => running),
    kill: async () => {
      await killBroker(running.state.broker);
      running.callOffGuard();
    },
    restart: async () => {
      await stopBroker(running.state.broker);
      running.callOffGuard();
      const { bootstrapServers } = addressesOf(running.state);
      running = await ensureRunning(settled);
      if (addressesOf(running.state).bootstrapServers !== bootstrapServers) {
        throw new FatalError(
          `another program took a port of the cluster in ${settled.dir} while it was down`,
          {
            code: 'APF_KAFKA_START',
          },
        );
      }
    },
  };
}

/** The host is what clients are told to connect to, and goes into configuration files as it is. */
function checkHost(host: string): void {
  if (/^[a-z0-9][a-z0-9.-]*$/i.test(host) && host !== '0.0.0.0') return;
  throw new UsageError(
    `'${host}' is not a name or an IPv4 address by which another machine reaches this one`,
  );
}

/** The cluster in `dir` if it runs, without starting anything. */
export async function findCluster(dir: string): Promise<RunningCluster | undefined> {
  const state = await readState(dir);
  if (state === undefined || !(await isRunning(state.broker))) return undefined;
  const running = { state, alreadyRunning: true, callOffGuard: () => undefined };
  return handle(resolve(dir), () => running);
}

/** Stops the cluster in `dir` where it runs, and deletes the folder. */
export async function removeCluster(dir: string): Promise<void> {
  await (await findCluster(dir))?.stop();
  await rm(dir, { recursive: true, force: true });
}

interface Running {
  readonly state: ClusterState;
  readonly alreadyRunning: boolean;
  /** After it the broker no longer ends with this process. */
  readonly callOffGuard: () => void;
}

function handle(dir: string, running: () => Running): RunningCluster {
  const first = running();
  const stop = async (): Promise<void> => {
    await stopBroker(running().state.broker);
    running().callOffGuard();
  };
  const addresses = addressesOf(first.state);
  const login = adminLoginOf(first.state);
  return {
    ...addresses,
    caFile: join(dir, 'ca.pem'),
    dir,
    log: logFile(dir),
    description: `Kafka ${first.state.kafka} on ${first.state.runsOn}`,
    alreadyRunning: first.alreadyRunning,
    login,
    ...kafkaAdmin(login, addresses.saslServers),
    stop,
    remove: async () => {
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** @throws FatalError where the cluster that runs is not as the one that is asked for. */
function refuseOther({ dir, secured, saslPort }: ClusterOptions, { admin, ports }: ClusterState): void {
  const refuse = (what: string): never => {
    throw new FatalError(`the Kafka in ${dir} runs ${what}: stop it first`, { code: 'APF_KAFKA_START' });
  };
  if (secured && admin === undefined) refuse('without logins');
  if (saslPort !== undefined && saslPort !== ports.sasl) refuse(`at port ${ports.sasl}, not ${saslPort}`);
}

function ensureRunning(options: ClusterOptions): Promise<Running> {
  return withLock(options.dir, async () => {
    const before = await readState(options.dir);
    if (before !== undefined && (await isRunning(before.broker))) {
      refuseOther(options, before);
      await untilServing(before, options.dir);
      return { state: before, alreadyRunning: true, callOffGuard: () => undefined };
    }
    const state = await startBroker(options, before);
    const callOffGuard = options.detached ? (): void => undefined : guardBroker(state.broker);
    try {
      await untilServing(state, options.dir);
    } catch (error) {
      await killBroker(state.broker);
      callOffGuard();
      throw error;
    }
    return { state, alreadyRunning: false, callOffGuard };
  });
}
