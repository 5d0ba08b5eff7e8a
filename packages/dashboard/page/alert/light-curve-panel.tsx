import { bandsOf, bandStyle, PLOT_QUANTITIES, type PlotQuantity, usualQuantity } from '@apf/alerts/browser';
import type { JSX } from 'preact';
import { useId, useMemo, useState } from 'preact/hooks';
import type { LightCurveView } from '../../src/page-api.js';
import { Mark } from '../frame/mark.js';
import { useDark } from '../frame/use-dark.js';
import { manyText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';
import { CurvePlot } from './curve-plot.js';
import { MeasurementsTable } from './measurements-table.js';
import { PeriodField } from './period-field.js';
import { shownCurve } from './shown-curve.js';

const NAMES: Readonly<Record<PlotQuantity, string>> = {
  difference: 'difference magnitude',
  apparent: 'corrected magnitude',
  flux: 'difference flux',
};

interface Props {
  readonly view: LightCurveView;
  /** Of the alert, MJD in UTC. */
  readonly time: number | null;
}

/** The light curve with all that can be chosen about it. */
export function LightCurvePanel({ view, time }: Props): JSX.Element {
  const { curve } = view;
  const { survey } = curve;
  const bands = useMemo(() => bandsOf(curve.points), [curve]);
  const [quantity, setQuantity] = useState<PlotQuantity>(usualQuantity(curve));
  const [hidden, setHidden] = useState<ReadonlySet<string | null>>(new Set());
  const [period, setPeriod] = useState<number | null>(null);
  const dark = useDark();
  const origin = time ?? curve.points.at(-1)?.time.mjdUtc ?? 0;
  const shown = useMemo(
    () => shownCurve(curve, origin, { quantity, hidden, period }),
    [curve, origin, quantity, hidden, period],
  );
  const has = (name: PlotQuantity): boolean =>
    curve.points.some((point) =>
      name === 'apparent' ? point.apparentMagnitude !== null : name === 'flux' ? point.flux !== null : true,
    );
  const id = useId();
  const unit = quantity === 'flux' ? curve.unit : 'mag';
  const counted = `${manyText(curve.points.length, 'measurement')}${view.alerts > 1 ? ` of ${manyText(view.alerts, 'alert')}` : ''}`;
  return (
    <section class="panel" aria-label="Light curve">
      <div class="controls">
        <h2>
          Light curve <span class="quiet">{counted}</span>
        </h2>
        <div class="field">
          <label for={id}>Show</label>
          <select
            id={id}
            value={quantity}
            onChange={(event) => setQuantity(event.currentTarget.value as PlotQuantity)}
          >
            {PLOT_QUANTITIES.map((name) => (
              <option key={name} value={name} disabled={!has(name)}>
                {NAMES[name]}
              </option>
            ))}
          </select>
        </div>
        <fieldset class="bands">
          <legend>Bands</legend>
          {bands.map((band) => (
            <label key={band ?? ''}>
              <input
                type="checkbox"
                checked={!hidden.has(band)}
                onChange={(event) => setHidden(without(hidden, band, event.currentTarget.checked))}
              />
              <Mark {...bandStyle(survey, band, dark ? 'dark' : 'light')} />
              {band === null ? 'no band' : visibleText(band)}
            </label>
          ))}
        </fieldset>
        <PeriodField known={view.period} period={period} choose={setPeriod} />
      </div>
      {shown.points.length === 0 ? (
        <p class="quiet">No measurement to show.</p>
      ) : (
        <CurvePlot
          curve={shown}
          survey={survey}
          unit={unit}
          label={`Light curve, ${NAMES[quantity]}, ${counted}${period === null ? '' : `, folded on ${period} d`}`}
        />
      )}
      <MeasurementsTable curve={curve} />
    </section>
  );
}

function without<T>(set: ReadonlySet<T>, value: T, remove: boolean): ReadonlySet<T> {
  const changed = new Set(set);
  if (remove) changed.delete(value);
  else changed.add(value);
  return changed;
}
