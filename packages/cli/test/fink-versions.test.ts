import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { finkVersions } from '../src/schemas/fink-versions';
import { SchemaCache } from '../src/schemas/schema-cache';

describe("Fink's schemas by version", () => {
  let folder: string;
  let cache: SchemaCache;
  const put = (version: string): void => {
    mkdirSync(cache.sourceFolder('fink'), { recursive: true });
    writeFileSync(
      join(cache.sourceFolder('fink'), `distribution_schema_fink_ztf_${version}.avsc`),
      JSON.stringify({ type: 'record', name: 'alert', fields: [{ name: 'x', type: 'int' }] }),
    );
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-fink-'));
    cache = new SchemaCache({ XDG_CACHE_HOME: folder });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("3: are fetched once where a configuration's schema is empty, and only then", async () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    let fetches = 0;
    const fetchFink = async (): Promise<void> => {
      fetches++;
      put('1.1_0.4.3');
    };
    expect(finkVersions(false, cache, fetchFink).byVersion('1.1_0.4.3')).toBeUndefined();
    const versions = finkVersions(true, cache, fetchFink);
    const [one, none] = await Promise.all([versions.byVersion('1.1_0.4.3'), versions.byVersion('9.9_9')]);
    expect([one?.name, none, fetches]).toEqual(['alert', undefined, 1]);
    expect(finkVersions(true, cache, fetchFink).byVersion('1.1_0.4.3')).toMatchObject({ name: 'alert' });
    expect(fetches).toBe(1);
    expect(said).toHaveBeenCalledTimes(1);
    said.mockRestore();
  });
});
