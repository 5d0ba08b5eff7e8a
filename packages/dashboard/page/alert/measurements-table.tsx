import type { LightCurve } from '@apf/alerts/browser';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Table } from '../frame/table.js';
import { manyText, numberText } from '../text/numbers.js';
import { mjdText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';

/** The file of the JSON has all; a page with more rows is no help. */
const MOST_ROWS = 1000;

/** The light curve as a table, the latest measurement first: for who does not see the plot, and to copy from. */
export function MeasurementsTable({ curve: { points, unit } }: { curve: LightCurve }): JSX.Element {
  const [open, setOpen] = useState(false);
  const heads = [
    { title: 'Observed', unit: 'UTC' },
    { title: 'MJD', number: true },
    { title: 'Band' },
    { title: 'Kind' },
    { title: 'Flux', unit, number: true },
    { title: '± flux', number: true },
    { title: 'Magnitude', unit: 'AB', number: true },
    { title: '± mag', number: true },
    { title: 'Corrected', unit: 'AB', number: true },
    { title: 'Limit', unit: '5 σ', number: true },
    { title: 'Flags' },
  ];
  const shown = [...points].reverse().slice(0, MOST_ROWS);
  const number = (value: number | null, digits: number): string =>
    value === null ? '' : numberText(value, digits);
  return (
    <details class="measurements" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Measurements as a table</summary>
      {open && (
        <Table caption="Measurements" heads={heads}>
          {shown.map((point, i) => (
            <tr key={i} class={point.isAlert ? 'this' : undefined}>
              <th scope="row">{mjdText(point.time.mjdUtc)}</th>
              <td class="number">{point.time.mjdUtc.toFixed(5)}</td>
              <td>{point.band === null ? '' : visibleText(point.band)}</td>
              <td>{point.isAlert ? 'this alert' : point.kind}</td>
              <td class="number">{number(point.flux, 1)}</td>
              <td class="number">{number(point.fluxError, 1)}</td>
              <td class="number">{number(point.magnitude, 3)}</td>
              <td class="number">{number(point.magnitudeError, 3)}</td>
              <td class="number">{number(point.apparentMagnitude, 3)}</td>
              <td class="number">{number(point.limit, 2)}</td>
              <td>{visibleText(point.flags.join(', '))}</td>
            </tr>
          ))}
        </Table>
      )}
      {open && points.length > shown.length && (
        <p class="quiet">{manyText(points.length - shown.length, 'earlier one')} left out.</p>
      )}
    </details>
  );
}
