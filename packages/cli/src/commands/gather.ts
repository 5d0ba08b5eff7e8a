import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { printable, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';

const DEFAULT_TARGET = 'gathered';

/** `apf gather FOLDER…`: files of alerts, unpacked from archives, in one folder. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('paths', {
        type: 'string',
        array: true,
        default: ['.'],
        describe: 'Folders (with their subfolders), globs, archives (*.tar.gz) and files of alerts',
      })
      .option('to', {
        type: 'string',
        requiresArg: true,
        describe: `The folder to gather them in; '${DEFAULT_TARGET}' in the first path where that is a folder`,
      })
      .option('bad', {
        type: 'string',
        requiresArg: true,
        describe:
          'Move archives and files that cannot be read to this folder; they stay where they are without it',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Count only, write and move nothing' })
      .option('json', { type: 'boolean', default: false, describe: 'One line of JSON for each event' })
      .example('apf gather /data/LSST_ALERTS_BATCH/ALERTS --bad /data/LSST_ALERTS_BATCH/ALERTS/bad', ''),
  async ({ paths, to, bad: badFolder, dryRun, json }) => {
    const { createDisplay } = await import('../demo/display.js');
    const { makeFolder, cannotWrite } = await import('@apf/connectors');
    const { BadFiles } = await import('../simulate/bad-files.js');
    const { alertFiles } = await import('../simulate/alert-files.js');
    const { Gatherer } = await import('../gather/gatherer.js');
    const target = to ?? (await targetIn(paths[0]!));
    const files = (await alertFiles(paths)).filter(
      (file) => !isInside(file, target) && !(badFolder !== undefined && isInside(file, badFolder)),
    );
    if (files.length === 0)
      throw new UsageError(`all files of alerts are in ${printable(target, 300)} already`, {
        code: 'APF_FILE',
      });
    if (!dryRun) {
      await makeFolder(target).catch((error: unknown) => {
        throw cannotWrite('a file of alerts', target, 'APF_FILE', error);
      });
    }
    const display = createDisplay(json);
    const bad = new BadFiles(display, dryRun ? undefined : badFolder, json);
    const gatherer = new Gatherer(dryRun ? undefined : target, bad);
    const bar = process.stdout.isTTY && !json;
    for (const [i, file] of files.entries()) {
      await gatherer.add(file);
      if (bar) display.progress(i + 1, files.length);
    }
    display.close();
    const { alerts, already, renamed } = gatherer.gathered;
    const remarks = [
      ...(dryRun ? [] : [`gathered in ${printable(target, 300)}`]),
      ...(already > 0 ? [`${already} files lay there already`] : []),
      ...(renamed > 0 ? [`${renamed} files got another name: one with other content has theirs`] : []),
      ...(bad.count > 0 ? [`${bad.count} bad files or archives`] : []),
      ...(dryRun ? ['nothing was written (--dry-run)'] : []),
    ];
    if (!json) display.note(`apf: ${remarks.join('; ')}`);
    display.result(`${alerts} alerts`, {
      event: 'summary',
      to: target,
      ...gatherer.gathered,
      bad: bad.count,
    });
    if (alerts === 0) process.exitCode = 1;
  },
);

async function targetIn(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return join(path, DEFAULT_TARGET);
  if (!found) throw new UsageError(`there is no file or folder '${printable(path, 300)}': check the path`);
  throw new UsageError(`'${printable(path, 300)}' is no folder to gather alerts in: name one with --to`);
}

function isInside(file: string, folder: string): boolean {
  return resolve(file).startsWith(resolve(folder) + sep);
}
