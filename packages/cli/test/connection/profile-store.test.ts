import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileStore, profilesFile } from '../../src/connection/profile-store';

describe('ProfileStore', () => {
  let folder: string;
  let store: ProfileStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apf-profiles-'));
    store = new ProfileStore(join(folder, 'new', 'profiles.json'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is in XDG_CONFIG_HOME', () => {
    expect(profilesFile({ XDG_CONFIG_HOME: '/somewhere' })).toBe('/somewhere/apf/profiles.json');
    expect(profilesFile({})).toMatch(/\/\.config\/apf\/profiles\.json$/);
  });

  it('keeps, lists and removes profiles, readable for their owner alone', async () => {
    expect(await store.names()).toEqual([]);
    await store.put('b', { servers: 'b:1', username: 'me', password: 'secret' });
    await store.put('a', { servers: 'a:1' });
    expect(await store.names()).toEqual(['a', 'b']);
    expect(await store.get('b')).toEqual({ servers: 'b:1', username: 'me', password: 'secret' });
    expect((await stat(store.path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700);
    expect(await store.remove('b')).toBe(true);
    expect(await store.remove('b')).toBe(false);
    expect(await readFile(store.path, 'utf8')).not.toContain('secret');
  });

  it('names the nearest of those that there are', async () => {
    await expect(store.get('fink')).rejects.toThrow("there is no profile 'fink'; none was kept");
    await store.put('fink-ztf', { servers: 'a:1' });
    await expect(store.get('fink_zft')).rejects.toThrow("did you mean 'fink-ztf'?");
    await expect(store.get('constructor')).rejects.toThrow("there is no profile 'constructor'");
  });

  it('refuses a file that others may read, and says what to do', async () => {
    await store.put('a', { servers: 'a:1' });
    await chmod(store.path, 0o640);
    await expect(store.get('a')).rejects.toThrow(/others may read it: .*chmod 600/);
  });

  it('does not quote a broken file, which has passwords in it', async () => {
    await store.put('a', { servers: 'a:1' });
    await writeFile(store.path, '{"profiles": {"a": {"password": "pa55word"');
    const error: unknown = await store.get('a').catch((e: unknown) => e);
    expect(String(error)).toMatch(/is not JSON with 'profiles'/);
    expect(String(error)).not.toContain('pa55word');
  });

  it.each([
    [{ server: 'a:1' }, "profile 'a': 'server' is no key of a profile; did you mean 'servers'?"],
    [{}, "'servers' is missing"],
    [{ servers: 'a:1', mechanism: 'GSSAPI' }, "'mechanism' must be one of PLAIN"],
    [{ servers: 'a:1', tls: 'yes' }, "'tls' must be true or false"],
    [{ servers: 'a:1', topics: 'x' }, "'topics' must be a list of names"],
    [{ servers: 1 }, "'servers' must be text"],
  ])('an edited profile %j is refused', async (profile, message) => {
    await store.put('a', profile as never);
    await expect(store.get('a')).rejects.toThrow(message);
  });
});
