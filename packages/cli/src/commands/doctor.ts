import { examine, type Finding } from '@apf/connectors';
import { printable, toError, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { loadProject, type Project } from '../step-project/load-project.js';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `apf doctor`: exit code 2 when the settings are mistaken, else 1 when something fails. */
export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('folder', { type: 'string', default: '.', describe: 'The project of the step' })
      .option('json', { type: 'boolean', default: false, describe: 'Print a line of JSON for each check' })
      .example('apf doctor', 'before the first run, and when alerts do not come'),
  async ({ folder, json }) => {
    const report = (finding: Finding): void => {
      if (finding.mistaken) process.exitCode = 2;
      else if (finding.status === 'fail') process.exitCode ??= 1;
      console.log(json ? JSON.stringify(finding) : said(finding));
    };
    let project: Project;
    try {
      project = await loadProject(folder);
    } catch (thrown) {
      const error = toError(thrown);
      if (!(error instanceof UsageError) || error.code !== 'APF_SETTINGS') throw error;
      report({ check: 'settings', status: 'fail', message: error.message, mistaken: true });
      return;
    }
    report({ check: 'settings', status: 'ok', message: 'every key is known and every value fits' });
    for (const warning of project.warnings) report({ check: 'settings', status: 'warn', message: warning });
    await examine(project.settings, { folder: project.folder, load: project.load }, report);
  },
);

function said({ check, status, message, remedy }: Finding): string {
  const line = `${MARKS[status]}  ${check.padEnd(13)} ${printable(message, 500)}`;
  return remedy ? `${line}\n${' '.repeat(20)}→ ${printable(remedy, 500)}` : line;
}
