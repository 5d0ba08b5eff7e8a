/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- the models and the tests check what manifests are */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadSettings, newStats, type ResolvedSettings } from '@apf/core';
import { FakeClock } from '@apf/core/testing';
import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Ajv } from 'ajv';
import * as apps from 'kubernetes-models/apps/v1';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { RunMetrics } from '../../packages/connectors/src/metrics/run-metrics.js';

const docker = join(import.meta.dirname, '../../docker');
const read = (path: string): string => readFileSync(join(docker, path), 'utf8');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly [key: string]: any;
}

/** All objects in the files of a folder. */
const manifestsIn = (folder: string): Manifest[] =>
  readdirSync(join(docker, folder))
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(read(join(folder, file))))
    .map((document) => document.toJS() as Manifest);
const manifests = manifestsIn('kubernetes');
const hub = manifestsIn('kubernetes/hub');
const manifest = (kind: string): Manifest => manifests.find((one) => one.kind === kind)!;

/** The settings that these variables make of a step that reads JSON. */
function settingsOf(env: Record<string, string>): ResolvedSettings {
  const PARAMS = { 'bootstrap.servers': 'localhost:9092', 'group.id': 'sn' };
  const written = { CONSUMER_CONFIG: { CLASS: 'KafkaJsonConsumer', PARAMS, TOPICS: 'sn' } };
  return loadSettings(written, env).settings;
}

describe('the Kubernetes manifests', () => {
  const models: Record<string, new (data: never) => { validate(): void }> = {
    Deployment: apps.Deployment,
    StatefulSet: apps.StatefulSet,
    Job: batch.Job,
    NetworkPolicy: networking.NetworkPolicy,
    PodDisruptionBudget: policy.PodDisruptionBudget,
    Namespace: core.Namespace,
    Service: core.Service,
    ConfigMap: core.ConfigMap,
    Secret: core.Secret,
    ScaledObject: keda.ScaledObject,
    TriggerAuthentication: keda.TriggerAuthentication,
  };

  it.each([...manifests, ...hub].map((one) => [one.kind, one.metadata.name, one] as const))(
    'have a %s %s that fits the schema of Kubernetes, or of KEDA',
    (kind, _, one) => {
      const Model = models[kind]!;
      expect(() => new Model(one as never).validate()).not.toThrow();
    },
  );

  it('belong together: labels, names, ports, and variables that are settings', () => {
    const { spec, metadata } = manifest('Deployment');
    const { labels } = spec.template.metadata;
    for (const selector of [
      spec.selector.matchLabels,
      manifest('Service').spec.selector,
      manifest('PodDisruptionBudget').spec.selector.matchLabels,
    ])
      expect(labels).toMatchObject(selector as object);
    const env = { ...manifest('ConfigMap').data, ...manifest('Secret').stringData } as Record<string, string>;
    const { PROMETHEUS, PROMETHEUS_HOST, PROMETHEUS_PORT, SHUTDOWN_TIMEOUT } = settingsOf(env);
    const [container] = spec.template.spec.containers;
    expect({ PROMETHEUS, PROMETHEUS_HOST }).toEqual({ PROMETHEUS: true, PROMETHEUS_HOST: '0.0.0.0' });
    expect(container.ports[0].containerPort).toBe(PROMETHEUS_PORT);
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(SHUTDOWN_TIMEOUT);
    expect(manifest('ScaledObject').spec.scaleTargetRef.name).toBe(metadata.name);
  });

  it('scale by the lag of the group that the step reads with, by an account that is in the secret', () => {
    const [trigger] = manifest('ScaledObject').spec.triggers;
    const { data } = manifest('ConfigMap');
    expect(trigger.type).toBe('kafka');
    expect(trigger.metadata.bootstrapServers).toBe(data.APF__CONSUMER_CONFIG__PARAMS__BOOTSTRAP_SERVERS);
    expect(trigger.metadata.consumerGroup).toBe(data.APF__CONSUMER_CONFIG__PARAMS__GROUP_ID);
    expect(trigger.authenticationRef.name).toBe(manifest('TriggerAuthentication').metadata.name);
    for (const { name, key } of manifest('TriggerAuthentication').spec.secretTargetRef) {
      expect(name).toBe(manifest('Secret').metadata.name);
      expect(Object.keys(manifest('Secret').stringData as object)).toContain(key);
    }
  });
});

describe("the hub of LSST's document", () => {
  /** What a compose file says, its merges done and its variables at their defaults. */
  const { services } = parse(read('compose.hub.yml').replace(/\$\{\w+:-([^}]*)\}/g, '$1'), {
    merge: true,
  }) as {
    services: Record<string, Manifest>;
  };
  const pods = hub.filter((one) => one.spec?.template !== undefined);
  const container = (name: string): Record<string, never[]> => {
    const { spec } = pods.find(({ metadata }) => metadata.name === name)!;
    return (spec.template.spec.containers as Record<string, never[]>[])[0]!;
  };

  it('runs the same commands by compose and on Kubernetes, but for how much', () => {
    for (const name of ['topics', 'sender', 'filters', 'consumerall', 'monitor']) {
      const onKubernetes = container(name)
        .args!.join(' ')
        .replace(/ --(replicas 3|metrics 8000)/, '');
      const byCompose = (services[name]!.command as string).replace(/--objects \d+/, '--objects 20000');
      expect(onKubernetes).toBe(byCompose);
    }
  });

  it('configures its brokers alike, but for what three of them need', () => {
    const env = new Map(container('kafka').env!.map(({ name, value }) => [name as string, value as unknown]));
    const names = Object.keys(services.kafka!.environment as object);
    const same =
      /PROTOCOL_MAP|LISTENERS$|LISTENER_NAME|SASL|AUTHORIZER|SUPER_USERS|ROLES|MAX_BYTES|TIMESTAMP|RETENTION/;
    for (const name of names.filter((each) => same.test(each) && !each.includes('ADVERTISED')))
      expect([name, env.get(name)]).toEqual([name, services.kafka!.environment[name]]);
    const voters = env.get('KAFKA_CONTROLLER_QUORUM_VOTERS') as string;
    const { replicas, serviceName } = pods.find(({ metadata }) => metadata.name === 'kafka')!.spec;
    expect(voters.split(',')).toEqual(
      Array.from({ length: replicas }, (_, i) => `${i}@kafka-${i}.${serviceName}.alert-stream.svc:9093`),
    );
  });

  it('selects its pods by labels that they have, and lets its group grow to the partitions of the stream', () => {
    const labels = pods.map(({ spec }) => spec.template.metadata.labels as object);
    for (const { kind, spec } of hub) {
      const selector = (
        kind === 'Service' ? spec.selector : (spec?.selector ?? spec?.podSelector)?.matchLabels
      ) as object | undefined;
      if (selector) expect(labels).toContainEqual(selector);
    }
    const { spec } = hub.find(({ kind }) => kind === 'ScaledObject')!;
    const [{ metadata }] = spec.triggers;
    const words = container('filters').args as unknown as string[];
    expect(metadata.consumerGroup).toBe(words[words.indexOf('--group') + 1]);
    const topic = container('topics').args as unknown as string[];
    expect(topic).toContain(metadata.topic);
    expect(String(spec.maxReplicaCount)).toBe(topic[topic.indexOf('--partitions') + 1]);
  });
});

describe('the compose files', () => {
  // Ajv knows the draft by another address.
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(
      join(
        dirname(createRequire(import.meta.url).resolve('dclint/package.json')),
        'schemas/compose.schema.json',
      ),
      'utf8',
    ),
  ) as Record<string, unknown>;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

  it.each(['compose.yml', 'compose.hub.yml'])('have %s, which fits the schema of Compose', (file) => {
    validate(parse(read(file), { merge: true }));
    expect(validate.errors).toBeNull();
  });

  it('would not pass with a key that there is not', () => {
    validate({ services: { step: { image: 'sn', port: ['8000:8000'] } } });
    expect(validate.errors).toHaveLength(1);
  });
});

describe('docker/compose.yml', () => {
  const { services, volumes } = parse(read('compose.yml')) as {
    services: Record<string, Record<string, never>>;
    volumes: Record<string, unknown>;
  };

  it('opens its ports to this machine alone, pins its images, and mounts what is there', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const port of (service.ports ?? []) as string[]) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (name !== 'step') expect(service.image).toMatch(/:v?\d/);
      for (const volume of (service.volumes ?? []) as string[]) {
        const [from = ''] = volume.split(':');
        expect(from.startsWith('.') ? existsSync(join(docker, from)) : from in volumes).toBe(true);
      }
    }
  });

  it('gives the step variables that are settings', () => {
    const env = { ...(services.step!.environment as object), WORKERS: '1' } as Record<string, string>;
    expect(settingsOf(env)).toMatchObject({ PROMETHEUS: true, PROMETHEUS_HOST: '0.0.0.0', WORKERS: 1 });
  });
});

describe('alert rules and dashboard', () => {
  const metrics = new RunMetrics({
    step: 'sn',
    stats: newStats(),
    clock: new FakeClock(),
    progress: undefined,
  });
  const known = new Set(metrics.families().map(({ name }) => name));

  it.each(['prometheus/rules.yml', 'grafana/dashboards/apf.json'])(
    '%s names metrics that there are',
    (file) => {
      const named = new Set(read(file).match(/\b(apf|process)_[a-z_]+(?=[{[)\s]|\\?")/g));
      expect(named.size).toBeGreaterThan(4);
      const unknown = [...named].filter((name) => !known.has(name.replace(/_(bucket|sum|count)$/, '')));
      expect(unknown).toEqual([]);
    },
  );

  it('are loaded by what compose starts', () => {
    const dashboard = JSON.parse(read('grafana/dashboards/apf.json')) as { panels: { gridPos: object }[] };
    expect(new Set(dashboard.panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(
      dashboard.panels.length,
    );
    const source = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    expect(read('grafana/dashboards/apf.json')).toContain(`"uid": "${source.datasources[0]!.uid}"`);
  });
});
