import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FatalError } from '@apf/core';
import { registerService, runningServices } from '../../src/compat/fink-distribution/services.js';

describe("the notes of Fink's services", () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'apf-services-'));
  });
  afterEach(() => rmSync(state, { recursive: true }));

  it('name the folder in which none can be written', () => {
    const file = join(state, 'file');
    writeFileSync(file, '');
    const register = (): unknown => registerService('distribution', '', { XDG_STATE_HOME: file });
    expect(register).toThrow(FatalError);
    expect(register).toThrow(`the note of a running service cannot be written to '${file}/apf/fink'`);
  });

  it('leave alone a folder among them, and remove those of what has ended', async () => {
    const notes = join(state, 'apf', 'fink');
    mkdirSync(join(notes, 'folder'), { recursive: true });
    writeFileSync(join(notes, 'distribution-1.json'), '{}');
    expect(await runningServices({ XDG_STATE_HOME: state })).toEqual([]);
    expect(readdirSync(notes)).toEqual(['folder']);
  });
});
