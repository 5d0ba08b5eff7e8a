import { lightCurveOf } from '../light-curve/light-curve-of.js';
import type { LightCurvePoint } from '../light-curve/light-curve.js';
import { identityOf } from '../surveys/identity.js';
import { escapeMarkup } from './markup.js';
import { headline, plotAlert, type PlotOptions } from './plot-alert.js';

/** Rows of the table; who needs more writes the light curve to a file. */
const MOST_ROWS = 1000;

const STYLE = `
body { font: 14px/1.45 system-ui, sans-serif; color: #222; background: #fff; margin: 1rem auto; max-width: 60rem; padding: 0 1rem }
svg { max-width: 100%; height: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .15rem .7rem .15rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid #e4e4e4 }
th:nth-child(-n+3), td:nth-child(-n+3), td:last-child, th:last-child { text-align: left }
tr.alert { font-weight: bold }
.table { overflow-x: auto }
`;

/**
 * An alert as one HTML file that needs nothing else: the picture of {@link plotAlert} and a table of its measurements.
 * Text from the alert is escaped, and the file may run no script and load nothing.
 */
export function plotAlertHtml(alert: unknown, options: PlotOptions = {}): string {
  const svg = plotAlert(alert, options);
  const identity = identityOf(alert)!;
  const curve = options.lightCurve ?? lightCurveOf(alert)!;
  const heads = [
    'kind',
    'band',
    'MJD (UTC)',
    `flux [${curve.unit}]`,
    'error',
    'mag (AB)',
    'error',
    'limit',
    'flags',
  ];
  const shown = curve.points.slice(-MOST_ROWS);
  const leftOut = curve.points.length - shown.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(headline(identity))}</title>
<style>${STYLE}</style>
</head>
<body>
${svg}
<h2>Measurements</h2>
${leftOut > 0 ? `<p>${leftOut} earlier ones are left out.</p>` : ''}
<div class="table"><table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${shown.map(row).join('\n')}
</tbody>
</table></div>
</body>
</html>
`;
}

function row(point: LightCurvePoint): string {
  const cells = [
    point.kind,
    point.band ?? '',
    point.time.mjdUtc.toFixed(6),
    number(point.flux),
    number(point.fluxError),
    number(point.magnitude),
    number(point.magnitudeError),
    number(point.limit),
    point.flags.join(', '),
  ];
  const start = point.isAlert ? '<tr class="alert">' : '<tr>';
  return `${start}${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('')}</tr>`;
}

function number(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(6)));
}
