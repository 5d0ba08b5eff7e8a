import type { Environment, ResolvedSettings } from '@apf/core';

/** The variable that tells a process which of the `WORKERS` it is, from 1 on. */
export const WORKER = 'APF_WORKER';

export function workerOf(env: Environment): number | undefined {
  const index = Number(env[WORKER]);
  return Number.isInteger(index) && index > 0 ? index : undefined;
}

type Params = Readonly<Record<string, unknown>>;

/** Properties of a client that the broker takes for one process: two with the same would shut each other out. */
const OWN = ['client.id', 'transactional.id', 'group.instance.id'];

/** The settings of one of several workers: what names a client has the worker's number at its end. */
export function settingsOfWorker(settings: ResolvedSettings, worker: number): ResolvedSettings {
  const named = (name: unknown): string => `${String(name)}-${worker}`;
  const own = <T extends { readonly PARAMS: Params }>(section: T): T => {
    const { PARAMS } = section;
    if (PARAMS['bootstrap.servers'] === undefined && PARAMS['metadata.broker.list'] === undefined)
      return section;
    const given: Params = { 'client.id': 'apf', ...PARAMS };
    const changed = OWN.filter((key) => given[key] !== undefined).map(
      (key) => [key, named(given[key])] as const,
    );
    return { ...section, PARAMS: { ...given, ...Object.fromEntries(changed) } };
  };
  const { CONSUMER_CONFIG, PRODUCER_CONFIG, SIDE_OUTPUTS, DEAD_LETTERS, METRICS_CONFIG } = settings;
  const { GROUP_INSTANCE } = CONSUMER_CONFIG;
  return {
    ...settings,
    CONSUMER_CONFIG: {
      ...own(CONSUMER_CONFIG),
      ...(GROUP_INSTANCE === undefined ? {} : { GROUP_INSTANCE: named(GROUP_INSTANCE) }),
    },
    SIDE_OUTPUTS: Object.fromEntries(
      Object.entries(SIDE_OUTPUTS).map(([name, output]) => [name, own(output)]),
    ),
    DEAD_LETTERS: own(DEAD_LETTERS),
    ...(PRODUCER_CONFIG ? { PRODUCER_CONFIG: own(PRODUCER_CONFIG) } : {}),
    ...(METRICS_CONFIG ? { METRICS_CONFIG: own(METRICS_CONFIG) } : {}),
  };
}
