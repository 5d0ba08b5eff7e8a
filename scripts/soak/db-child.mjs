// The process that scripts/soak/db.mjs kills: node db-child.mjs SETTINGS, as JSON.
import { buildRun } from '@apf/connectors';
import { Step } from '@apf/core';

const [settings] = process.argv.slice(2);

class Count extends Step {
  /** Slow enough that the kills meet it at work. */
  async execute({ id }, { db }) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    db.upsert('object', { oid: `o${id % 500}`, n: 1 }, { add: 'n' });
    db.upsert('counter', { id: 'all', n: 1 }, { add: 'n' });
    return {
      candid: 2n ** 60n + BigInt(id),
      oid: `o${id % 500}`,
      mag: (id % 997) / 31,
      note: id % 7 ? `n${id}` : null,
    };
  }
}

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const { runner } = await buildRun(JSON.parse(settings), Count, { env: {}, name: 'soak' });
await runner.run(stop.signal);
process.exit(0);
