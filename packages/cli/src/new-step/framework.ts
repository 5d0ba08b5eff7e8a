import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cliVersion, type Origin } from './origin.js';
import { packCheckout } from './pack-checkout.js';
import { RDKAFKA_VERSION } from './prebuilt-rdkafka.js';

/** How a project gets the framework: from a registry, or from packs that travel in its `vendor` folder. */
export interface Framework {
  readonly version: string;
  /** Files to copy into `vendor`; none for a published framework. */
  readonly packs: readonly string[];
  /** npm's specifications of `@apf/core` and its like, by package. */
  readonly specifications: Readonly<Record<'core' | 'connectors' | 'alerts' | 'apf', string>>;
  /** The specification of the compiled node-rdkafka, where there is one for this machine. */
  readonly rdkafka: string | undefined;
}

/** Packs the framework where that is needed, or finds the packs that an earlier call has left in the cache. */
export async function framework(from: Origin): Promise<Framework> {
  if (from.kind === 'published') {
    const range = `^${cliVersion}`;
    return {
      version: cliVersion,
      packs: [],
      specifications: { core: range, connectors: range, alerts: range, apf: range },
      rdkafka: undefined,
    };
  }
  const folder = from.kind === 'checkout' ? await packCheckout(from.root) : from.vendor;
  const names = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const specification = (name: string): string => `file:vendor/${name}-${cliVersion}.tgz`;
  const rdkafka = `node-rdkafka-${RDKAFKA_VERSION}.tgz`;
  return {
    version: cliVersion,
    packs: names.map((name) => join(folder, name)),
    specifications: {
      core: specification('apf-core'),
      connectors: specification('apf-connectors'),
      alerts: specification('apf-alerts'),
      apf: specification('apf'),
    },
    rdkafka: names.includes(rdkafka) ? `file:vendor/${rdkafka}` : undefined,
  };
}
