import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FolderDeadLetterSink } from '@apf/connectors';
import { type DeadLetter, type Outgoing, PoisonError } from '@apf/core';
import { message } from '@apf/core/testing';
import { drop } from '../../src/commands/dead/drop.js';
import { list } from '../../src/commands/dead/list.js';
import { replay } from '../../src/commands/dead/replay.js';
import { show } from '../../src/commands/dead/show.js';
import { runCommand } from './run-command.js';

function letter(topic: string, offset: number, code: string, error: string): Outgoing<DeadLetter> {
  const raw = message(Buffer.from('{"objectId":"ZTF1","candid":1152921504606846977}'), {
    topic,
    offset,
    headers: [{ survey: 'ztf\u001b[2J' }],
  });
  const when = Date.parse('2026-03-15T00:00:00Z') + offset;
  return {
    origin: raw,
    value: { message: raw, error: new PoisonError(error), code, stage: 'execute', step: 'sn', when },
  };
}

async function folder(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'apf-dead-')), 'dead-letters');
  const sink = new FolderDeadLetterSink({ path });
  await sink.open();
  await sink.write([
    letter('ztf', 1, 'APF_EXECUTE', 'no template'),
    letter('ztf', 2, 'APF_EXECUTE', 'no stamp\u001b[2J'),
    letter('lsst', 3, 'APF_DECODE', 'not Avro'),
  ]);
  await sink.flush();
  return path;
}

describe('apf dead', () => {
  it('lists them by reason, the most frequent first, or each of them', async () => {
    const from = await folder();
    const groups = await runCommand('list', list, '--from', from, '--json');
    expect(
      groups.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { count: 2, code: 'APF_EXECUTE', topic: 'ztf', error: 'no stamp\u001b[2J' },
      { count: 1, code: 'APF_DECODE', topic: 'lsst' },
    ]);
    const all = await runCommand('list', list, '--from', from, '--all', '--topic', 'ztf');
    expect(all.stdout).toContain('ztf-0-1');
    expect(all.stdout).not.toContain('lsst');
    expect(all.stdout).not.toContain('\u001b');
    expect(all.stderr).toBe(`apf: 2 dead letters in ${from}\n`);
  });

  it('says where to look where a folder has none', async () => {
    const project = dirname(await folder());
    const above = await runCommand('list', list, '--from', project);
    expect(above.stderr).toBe(
      `apf: 0 dead letters in ${project}: look into ${join(project, 'dead-letters')} with --from\n`,
    );
    const empty = mkdtempSync(join(tmpdir(), 'apf-dead-'));
    expect((await runCommand('list', list, '--from', empty)).stderr).toBe(
      `apf: 0 dead letters in ${empty}: it has none, and is no step's project; --from names another\n`,
    );
  });

  it('shows one with its reason, headers, bytes and what they decode to, and no escapes', async () => {
    const from = await folder();
    const { stdout } = await runCommand('show <letter>', show, 'ztf-0-2', '--from', from);
    expect(stdout).toContain('APF_EXECUTE: no stamp\\u001b[2J');
    expect(stdout).toContain('survey: ztf\\u001b[2J');
    expect(stdout).toContain('7b 22 6f 62');
    expect(stdout).toContain('"candid":1152921504606846977');
    expect(stdout).not.toContain('\u001b');
    const missing = await runCommand('show <letter>', show, 'ztf-0-9', '--from', from);
    expect(missing.error?.message).toContain("there is no dead letter 'ztf-0-9'");
  });

  it('gives up only what is chosen, and only when it is told to', async () => {
    const from = await folder();
    const dry = await runCommand(
      'drop [letters..]',
      drop,
      '--from',
      from,
      '--code',
      'APF_EXECUTE',
      '--dry-run',
    );
    expect(dry.stdout).toBe(`2 dead letters of ${from} would be given up\n`);
    const asked = await runCommand('drop [letters..]', drop, '--from', from);
    expect(asked.error?.message).toContain('add --yes');
    await runCommand('drop [letters..]', drop, 'ztf-0-1', '--from', from, '--yes');
    const left = await runCommand('list', list, '--from', from, '--all', '--json');
    expect(left.stdout).not.toContain('ztf-0-1');
    expect(left.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('wants to know the broker of a mere folder, and says what it would send', async () => {
    const from = await folder();
    const dry = await runCommand('replay [letters..]', replay, '--from', from, '--dry-run');
    expect(dry.stdout).toBe(`3 dead letters of ${from} would be sent to lsst, ztf\n`);
    const { error } = await runCommand('replay [letters..]', replay, '--from', from, '--yes');
    expect(error?.message).toContain('which broker?');
  });
});
