import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type AlertView as Alert, type DashboardInfo, ROUTES } from '../../src/page-api.js';
import { addressOf } from '../frame/api.js';
import { Failure } from '../frame/failure.js';
import { useLive } from '../frame/live.js';
import { hrefOf } from '../frame/route.js';
import { useResource } from '../frame/use-resource.js';
import { positionQuery } from '../alerts/position-query.js';
import { sizeText } from '../text/numbers.js';
import { decimalPosition, degreesText, hoursText } from '../text/positions.js';
import { mjdText, utcText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import { Classes } from './classes.js';
import { CutoutsPanel } from './cutouts-panel.js';
import { FieldTree } from './field-tree.js';
import { LightCurvePanel } from './light-curve-panel.js';

const SURVEYS = { ztf: 'ZTF', lsst: 'LSST', elasticc: 'ELAsTiCC' } as const;

interface Props {
  readonly info: DashboardInfo;
  readonly query: Readonly<Record<string, string>>;
}

/** All there is to know of one alert. */
export function AlertView({ info, query }: Props): JSX.Element {
  const { topic, partition, offset, record, id } = query;
  const missing = useRef(false);
  // What is not there yet may come: the server reads on.
  const tick = useLive(({ alerts }) => (missing.current ? alerts : null));
  const { data, failure, reload } = useResource<Alert>(
    ROUTES.alert,
    { topic, partition, offset, record, id },
    tick,
  );
  missing.current = failure?.status === 404;
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf('alerts', { topic })}>{topic ? `Alerts of ${topic}` : 'Alerts'}</a>
      </p>
      {failure && <Failure of={failure} retry={reload} />}
      {!data && !failure && <p class="quiet">Reading the alert…</p>}
      {data && <Shown alert={data} info={info} />}
    </>
  );
}

interface ShownProps {
  readonly alert: Alert;
  readonly info: DashboardInfo;
}

function Shown({ alert, info }: ShownProps): JSX.Element {
  const { objectId, alertId, at, lightCurve } = alert;
  const query = positionQuery(at);
  return (
    <>
      <header class="alert-head">
        <h1 class="mono">{visibleText(objectId ?? alertId ?? 'Alert without an id')}</h1>
        <div class="actions">
          {alert.links.map(({ name, url }) => (
            <a key={name} href={url} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">
              {name}
              <span class="hidden"> (opens in a new tab)</span>
            </a>
          ))}
          <a href={addressOf(ROUTES.raw, query)} download>
            Avro
          </a>
          <a href={addressOf(ROUTES.json, query)} download>
            JSON
          </a>
        </div>
      </header>
      <Facts alert={alert} info={info} />
      {alert.classification && <Classes of={alert.classification} />}
      {alert.cutouts.length > 0 && <CutoutsPanel cutouts={alert.cutouts} />}
      {lightCurve && <LightCurvePanel view={lightCurve} time={alert.time} />}
      <FieldTree root={alert.fields} title="All fields" />
    </>
  );
}

function Facts({ alert, info }: ShownProps): JSX.Element {
  const { survey, alertId, time, ra, dec, band, at, timestamp, size } = alert;
  return (
    <dl class="facts">
      {alertId !== null && (
        <div>
          <dt>{survey ? SURVEYS[survey] : 'Alert'}</dt>
          <dd class="mono">{visibleText(alertId)}</dd>
        </div>
      )}
      {time !== null && (
        <div>
          <dt>Observed</dt>
          <dd>
            {mjdText(time)} UTC <span class="quiet">MJD {time.toFixed(6)}</span>
          </dd>
        </div>
      )}
      {ra !== null && dec !== null && (
        <div>
          <dt>Position</dt>
          <dd>
            {hoursText(ra)} {degreesText(dec)} <span class="quiet">{decimalPosition(ra, dec)}</span>
          </dd>
        </div>
      )}
      {band !== null && (
        <div>
          <dt>Band</dt>
          <dd>{visibleText(band)}</dd>
        </div>
      )}
      <div>
        <dt>{info.source === 'files' ? 'File' : 'Message'}</dt>
        <dd>
          {info.source === 'files' ? (
            <span title={visibleText(at.topic)}>{visibleText(at.topic.replace(/^.*[\\/]/, ''))}</span>
          ) : (
            `${visibleText(at.topic)} · partition ${at.partition} · offset ${at.offset}`
          )}
          {at.record > 0 && ` · record ${at.record}`} <span class="quiet">{sizeText(size)}</span>
        </dd>
      </div>
      {timestamp !== null && (
        <div>
          <dt>Written</dt>
          <dd>{utcText(timestamp)} UTC</dd>
        </div>
      )}
    </dl>
  );
}
