import { SURVEYS } from '@apf/alerts';
import { defineCommand } from '../command.js';
import { FILTER_FOLDER } from '../filters/filter-folder.js';
import { generateFilters } from '../new-filter/generate-filters.js';

export const command = defineCommand(
  (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        default: 'Filter',
        describe: 'Name of the filter, of its file and of its topic',
      })
      .option('count', { type: 'number', describe: 'So many of them, NAME001 and on' })
      .option('survey', { choices: SURVEYS, describe: 'Whose alerts; any where absent' })
      .option('class', { type: 'boolean', default: false, describe: 'A class, which keeps a state' })
      .option('filters', { type: 'string', default: FILTER_FOLDER, describe: 'The folder of the filters' })
      .example('apf new-filter young_bright --survey ztf', '')
      .example('apf new-filter --count 100', "LSST's Filter001 to Filter100, to edit"),
  async ({ name, count, survey, class: asClass, filters: folder }) => {
    const names = await generateFilters({ name, count, survey, asClass, folder });
    const which = names.length === 1 ? names[0]! : `${names[0]!} to ${names.at(-1)!}`;
    const place = folder === FILTER_FOLDER ? '' : ` --filters ${folder}`;
    const chosen = names.length === 1 ? `--filter ${names[0]!}` : '--all';
    console.log(
      `Made ${which} in ${folder}. Next: edit, then\n\n  apf filters test${place}\n  apf filter${place} ${chosen} --servers HOST:PORT --topics TOPIC --dry-run\n`,
    );
  },
);
