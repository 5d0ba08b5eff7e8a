import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import {
  type AlertsView as Alerts,
  type DashboardInfo,
  ROUTES,
  type TopicSampling,
} from '../../src/page-api.js';
import { Failure } from '../frame/failure.js';
import { useLive } from '../frame/live.js';
import { hrefOf, replaceRoute } from '../frame/route.js';
import { TopicChoice } from '../frame/topic-choice.js';
import { useResource } from '../frame/use-resource.js';
import { useTopics } from '../frame/use-topics.js';
import { countText, manyText } from '../text/numbers.js';
import { AlertsTable } from './alerts-table.js';
import { FilterField } from './filter-field.js';
import { samplingNotes } from './sampling-notes.js';

const LIMITS = [50, 200, 1000] as const;
const USUAL_LIMIT = 50;

interface Props {
  readonly info: DashboardInfo;
  readonly query: Readonly<Record<string, string>>;
}

/** The latest alerts of a topic, or of all, as a table that goes on as they come. */
export function AlertsView({ info, query }: Props): JSX.Element {
  const topics = useTopics(info);
  const { topic, filter } = query;
  const limit = LIMITS.find((one) => String(one) === query.limit) ?? USUAL_LIMIT;
  const go = (change: Readonly<Record<string, string | undefined>>): void =>
    replaceRoute(hrefOf('alerts', { topic, filter, limit: query.limit, ...change }));
  const newest = useLive((state) => state.alerts);
  const [paused, setPaused] = useState(false);
  const tick = usePausable(newest, paused);
  const { data, failure, reload } = useResource<Alerts>(ROUTES.alerts, { topic, filter, limit }, tick);
  const wrongFilter = failure?.status === 400 && filter ? failure : undefined;
  const limitId = useId();
  return (
    <>
      <h1>Alerts</h1>
      <div class="controls query">
        <FilterField
          key={filter ?? ''}
          filter={filter ?? ''}
          failure={wrongFilter}
          apply={(text) => go({ filter: text || undefined })}
        />
        <TopicChoice topics={topics} topic={topic} choose={(name) => go({ topic: name })} />
        <div class="field">
          <label for={limitId}>Rows</label>
          <select id={limitId} value={limit} onChange={(event) => go({ limit: event.currentTarget.value })}>
            {LIMITS.map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </div>
        <button type="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </button>
      </div>
      <Status
        data={data}
        filtered={!!filter}
        paused={paused}
        since={cameSince(tick?.topics, newest?.topics)}
      />
      {failure && !wrongFilter && <Failure of={failure} retry={reload} />}
      {data && <AlertsTable view={data} caption={topic ? `Latest alerts of ${topic}` : 'Latest alerts'} />}
      {data?.rows.length === 0 && (
        <p class="quiet">{filter ? 'No alert that is kept passes the filter.' : 'No alert has come yet.'}</p>
      )}
    </>
  );
}

/** A value that stands still while paused. */
function usePausable<T>(value: T, paused: boolean): T {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    if (!paused) setHeld(() => value);
  }, [value, paused]);
  return paused ? held : value;
}

function cameSince(
  then: readonly TopicSampling[] | undefined,
  now: readonly TopicSampling[] | undefined,
): number {
  const sum = (topics: readonly TopicSampling[] = []): number =>
    topics.reduce((all, { read }) => all + read, 0);
  return Math.max(0, sum(now) - sum(then));
}

interface StatusProps {
  readonly data: Alerts | undefined;
  readonly filtered: boolean;
  readonly paused: boolean;
  readonly since: number;
}

/** How much is shown of what there is. */
function Status({ data, filtered, paused, since }: StatusProps): JSX.Element {
  const notes = samplingNotes(data?.sampling ?? []);
  return (
    <div class="notes">
      <p>
        {data &&
          (filtered
            ? `${countText(data.matching)} of ${manyText(data.kept, 'alert')} pass the filter; the latest ${countText(data.rows.length)} are shown.`
            : `The latest ${countText(data.rows.length)} of ${manyText(data.kept, 'alert')} that ${data.kept === 1 ? 'is' : 'are'} kept.`)}
        {paused && <strong> Paused{since > 0 && `; ${countText(since)} came since`}.</strong>}
      </p>
      {notes.map((note) => (
        <p key={note.topic} class={note.bad ? 'warn' : undefined}>
          {note.text}
        </p>
      ))}
    </div>
  );
}
