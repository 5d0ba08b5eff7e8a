import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cliVersion, type Origin } from './origin.js';
import { packCheckout } from './pack-checkout.js';
import { RDKAFKA_VERSION } from './prebuilt-rdkafka.js';
import { SQLITE_VERSION } from './prebuilt-sqlite.js';

/** How a project gets the framework: from a registry, or from packs that travel in its `vendor` folder. */
export interface Framework {
  readonly version: string;
  /** Files to copy into `vendor`; none for a published framework. */
  readonly packs: readonly string[];
  /** npm's specifications of `@apf/core` and its like, by package. */
  readonly specifications: Readonly<Record<'core' | 'connectors' | 'alerts' | 'dashboard' | 'apf', string>>;
  /** The specification of the compiled node-rdkafka, where there is one for this machine. */
  readonly rdkafka: string | undefined;
  /** The same of better-sqlite3, for a step that asks for it. */
  readonly sqlite: string | undefined;
}

/**
 * Packs the framework where that is needed, or finds the packs that an earlier call has left in the cache.
 * @param sqlite whether better-sqlite3 is to come with it.
 */
export async function framework(from: Origin, sqlite = false): Promise<Framework> {
  if (from.kind === 'published') {
    const range = `^${cliVersion}`;
    return {
      version: cliVersion,
      packs: [],
      specifications: { core: range, connectors: range, alerts: range, dashboard: range, apf: range },
      rdkafka: undefined,
      sqlite: undefined,
    };
  }
  const folder = from.kind === 'checkout' ? await packCheckout(from.root) : from.vendor;
  const better = `better-sqlite3-${SQLITE_VERSION}.tgz`;
  const names = readdirSync(folder).filter((name) => name.endsWith('.tgz') && (sqlite || name !== better));
  const specification = (name: string): string => `file:vendor/${name}-${cliVersion}.tgz`;
  const rdkafka = `node-rdkafka-${RDKAFKA_VERSION}.tgz`;
  return {
    version: cliVersion,
    packs: names.map((name) => join(folder, name)),
    specifications: {
      core: specification('apf-core'),
      connectors: specification('apf-connectors'),
      alerts: specification('apf-alerts'),
      dashboard: specification('apf-dashboard'),
      apf: specification('apf'),
    },
    rdkafka: names.includes(rdkafka) ? `file:vendor/${rdkafka}` : undefined,
    sqlite: names.includes(better) ? `file:vendor/${better}` : undefined,
  };
}
