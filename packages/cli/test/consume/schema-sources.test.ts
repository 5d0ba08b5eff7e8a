import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LSST_ALERT_SCHEMAS } from '@apf/alerts';
import { parseSchema, PoisonError } from '@apf/core';
import { schemaSources } from '../../src/consume/schema-sources';
import { SchemaCache } from '../../src/schemas/schema-cache';

describe('the schemas of a stream, by id', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-schemas-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const cache = (): SchemaCache => new SchemaCache({ XDG_CACHE_HOME: folder });

  it('are those that come along, for what is sent with no registry: LSST 10.0 is 1000, 7.4 is 704', () => {
    const { schemas } = schemaSources({}, {}, { cache: cache() });
    expect(schemas.byId(1000)).toMatchObject({ json: parseSchema(LSST_ALERT_SCHEMAS['10.0']).json });
    expect(schemas.byId(704)).toMatchObject({ name: 'lsst.v7_4.alert' });
  });

  it('are what was fetched before what comes along, and none for an id that nobody knows', () => {
    const fetched = { type: 'record', name: 'alert', namespace: 'lsst.v10_0', fields: [] };
    const kept = join(folder, 'apf', 'schemas', 'lsst');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'lsst.v10_0.alert.avsc'), JSON.stringify(fetched));
    const { schemas } = schemaSources({}, {}, { cache: cache() });
    expect(JSON.parse((schemas.byId(1000) as { json: string }).json)).toMatchObject({ fields: [] });
    expect(() => schemas.byId(1)).toThrow(PoisonError);
    expect(() => schemas.byId(900)).toThrow('no schema is known for id 900');
  });
});
