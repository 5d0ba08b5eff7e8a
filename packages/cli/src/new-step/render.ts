import { FatalError } from '@apf/core';
import nodePlop from 'node-plop';

/**
 * Renders every file below `templates` into `target` with plop: all go through handlebars, `.hbs` is dropped from the
 * names. `leaveOut` are globs of files that this project does not want. An existing file is never overwritten.
 */
export async function render(
  templates: string,
  target: string,
  data: object,
  leaveOut: readonly string[],
): Promise<void> {
  const plop = await nodePlop('', { destBasePath: target, force: false });
  // Globs are relative to here, so that a path with brackets in it is no pattern.
  plop.setPlopfilePath(templates);
  plop.setHelper('json', (value: unknown) => JSON.stringify(value));
  const generator = plop.setGenerator('step', {
    actions: [
      {
        type: 'addMany',
        destination: target,
        base: templates,
        templateFiles: ['**/*', ...leaveOut.map((glob) => `!${glob}`)],
        globOptions: { dot: true },
      },
    ],
  });
  const { failures } = await generator.runActions(data);
  if (failures[0]) throw new FatalError(`${target}: ${failures[0].error}`, { code: 'APF_FILE' });
}
