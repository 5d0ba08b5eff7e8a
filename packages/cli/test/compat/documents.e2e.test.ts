import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCUMENTS } from '../../src/compat/documents.js';
import { BINARIES, Shell } from './shell.js';

describe('the commands of the documents', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-documents-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are installed by the names that the documents have', () => {
    const installed = Object.keys(BINARIES).filter((name) => name !== 'apf');
    expect(installed.sort()).toEqual(DOCUMENTS.flatMap(({ names }) => names).sort());
  });

  it('print the help of their documents, with -h and --help', async () => {
    const shell = new Shell(folder);
    for (const entry of DOCUMENTS) {
      const { names } = entry;
      const { help } = (await entry.load()).command;
      for (const name of names) {
        expect(await shell.run(`${name} -h`, folder).ended).toMatchObject({ code: 0, stdout: `${help}\n` });
      }
      expect(await shell.run(`${names[0]} --help`, folder).ended).toMatchObject({
        code: 0,
        stdout: `${help}\n`,
      });
    }
  });
});
