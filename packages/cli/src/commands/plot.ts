import { extname } from 'node:path';
import { PLOT_QUANTITIES, plotAlert, plotAlertHtml, plotAlertText, STRETCHES } from '@apf/alerts';
import { UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withAlerts } from '../look/alert-options.js';
import { svgToPng } from '../look/svg-to-png.js';
import { wantedAlert } from '../look/wanted-alert.js';
import { writeNewFile } from '../look/write-new-file.js';

const ENDINGS = ['.svg', '.png', '.html'] as const;
const USUAL_COLUMNS = 80;

/** `apf plot FILE|ID`: an alert's cutouts and light curve, in the terminal or as a picture. */
export const command = defineCommand(
  (yargs) =>
    withAlerts(
      yargs
        .positional('alert', {
          type: 'string',
          demandOption: true,
          describe: 'A file, or the id of an alert or of an object to look for',
        })
        .option('out', { type: 'string', alias: 'o', describe: 'Write this file: .svg, .png or .html' })
        .option('overwrite', { type: 'boolean', default: false, describe: 'Replace --out if it is there' })
        .option('stretch', {
          choices: STRETCHES,
          default: 'asinh' as const,
          describe: 'How the greys of the cutouts are made',
        })
        .option('quantity', {
          choices: PLOT_QUANTITIES,
          describe:
            'Magnitude of the difference, of the object itself, or flux; difference for ZTF, else flux',
        }),
    )
      .example('apf plot alert.avro', 'in the terminal')
      .example('apf plot ZTF19acyjzeo --in alerts/ --out sn.png', 'the last alert, with all that is known'),
  async ({ alert: word, out, overwrite, stretch, quantity, ...options }) => {
    const ending = out === undefined ? undefined : extname(out).toLowerCase();
    if (ending !== undefined && !ENDINGS.some((known) => known === ending))
      throw new UsageError(
        `--out '${out}' does not say in which form: let it end with ${ENDINGS.join(', ')}`,
      );
    const { alert, lightCurve } = await wantedAlert(word, options);
    const plot = { stretch, quantity, lightCurve };
    if (out === undefined) {
      const { isTTY = false, columns = USUAL_COLUMNS } = process.stdout;
      const colour = isTTY && !process.env.NO_COLOR;
      process.stdout.write(plotAlertText(alert, { ...plot, columns, colour }));
      return;
    }
    const svg = ending === '.html' ? plotAlertHtml(alert, plot) : plotAlert(alert, plot);
    await writeNewFile(out, ending === '.png' ? await svgToPng(svg) : svg, overwrite);
    console.error(`apf: ${out} is written`);
  },
);
