import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type DashboardInfo, ROUTES, type SkyPoint, type SkyView as Sky } from '../../src/page-api.js';
import { positionQuery } from '../alerts/position-query.js';
import { Failure } from '../frame/failure.js';
import { Mark } from '../frame/mark.js';
import { hrefOf, replaceRoute } from '../frame/route.js';
import { Table } from '../frame/table.js';
import { TopicChoice } from '../frame/topic-choice.js';
import { useDark } from '../frame/use-dark.js';
import { useResource } from '../frame/use-resource.js';
import { useTopics } from '../frame/use-topics.js';
import { countText, manyText, UNKNOWN } from '../text/numbers.js';
import { degreesText, hoursText } from '../text/positions.js';
import { mjdText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import { type ClassStyle, classStyles } from './class-styles.js';
import { SkyMap } from './sky-map.js';

/** The map is asked for anew this often [ms]: it is as large as some hundred kB. */
const EVERY = 3000;
const ROWS = 25;

interface Props {
  readonly info: DashboardInfo;
  readonly query: Readonly<Record<string, string>>;
}

/** Where in the sky the last alerts are. */
export function SkyView({ info, query: { topic } }: Props): JSX.Element {
  const topics = useTopics(info);
  const { data, failure, reload } = useResource<Sky>(ROUTES.sky, { topic }, useClock(EVERY));
  const [hidden, setHidden] = useState<ReadonlySet<string | null>>(new Set());
  const points = useMemo(
    () => data?.positions.filter((point) => !hidden.has(point.class)) ?? [],
    [data, hidden],
  );
  const names = JSON.stringify(data?.classes.map(({ name }) => name) ?? []);
  // By their names: the counts change all the time.
  const styles = useMemo(() => classStyles(JSON.parse(names) as (string | null)[]), [names]);
  return (
    <>
      <div class="controls">
        <h1>Sky</h1>
        <TopicChoice
          topics={topics}
          topic={topic}
          choose={(name) => replaceRoute(hrefOf('sky', { topic: name }))}
        />
        {data && <p class="quiet">the last {manyText(data.positions.length, 'alert')}, equal area, J2000</p>}
      </div>
      {failure && <Failure of={failure} retry={reload} />}
      {data && (
        <>
          <section class="panel map" aria-label="Map">
            <SkyMap points={points} styles={styles} />
            <Legend classes={data.classes} styles={styles} hidden={hidden} setHidden={setHidden} />
          </section>
          <LatestTable points={points} />
        </>
      )}
    </>
  );
}

/** Counts on, as long as somebody looks. */
function useClock(every: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setCount((before) => before + 1);
    }, every);
    return () => clearInterval(timer);
  }, [every]);
  return count;
}

interface LegendProps {
  readonly classes: Sky['classes'];
  readonly styles: ReadonlyMap<string | null, ClassStyle>;
  readonly hidden: ReadonlySet<string | null>;
  readonly setHidden: (hidden: ReadonlySet<string | null>) => void;
}

/** What colours, shapes and lines mean, in words; classes can be left out. */
function Legend({ classes, styles, hidden, setHidden }: LegendProps): JSX.Element {
  return (
    <div class="legend">
      <fieldset class="bands">
        <legend>Classes</legend>
        {classes.map(({ name, count }) => (
          <label key={name ?? ''}>
            <input
              type="checkbox"
              checked={!hidden.has(name)}
              onChange={(event) => {
                const changed = new Set(hidden);
                if (event.currentTarget.checked) changed.delete(name);
                else changed.add(name);
                setHidden(changed);
              }}
            />
            <ClassMark of={styles.get(name)!} />
            {name === null ? 'not classified' : visibleText(name)}{' '}
            <span class="quiet">{countText(count)}</span>
          </label>
        ))}
      </fieldset>
      <ul class="lines">
        <li class="ecliptic">ecliptic (dashed)</li>
        <li class="galactic">galactic plane</li>
      </ul>
    </div>
  );
}

function ClassMark({ of: { colour, shape } }: { of: ClassStyle }): JSX.Element {
  return <Mark colour={colour[useDark() ? 'dark' : 'light']} shape={shape} />;
}

/** The latest of the map as a table: for who does not see it. */
function LatestTable({ points }: { points: readonly SkyPoint[] }): JSX.Element {
  const heads = [
    { title: 'Object' },
    { title: 'Class' },
    { title: 'Right ascension', number: true },
    { title: 'Declination', number: true },
    { title: 'Observed', unit: 'UTC' },
  ];
  const latest = points.slice(-ROWS).reverse();
  return (
    <Table caption={`The latest ${countText(latest.length)}`} heads={heads}>
      {latest.map(({ at, objectId, class: name, ra, dec, time }) => (
        <tr key={`${at.topic}/${at.partition}/${at.offset}/${at.record}`}>
          <th scope="row" class="mono">
            <a href={hrefOf('alert', positionQuery(at))}>{visibleText(objectId ?? 'no id')}</a>
          </th>
          <td>{name === null ? UNKNOWN : visibleText(name)}</td>
          <td class="number">{hoursText(ra)}</td>
          <td class="number">{degreesText(dec)}</td>
          <td>{time === null ? UNKNOWN : mjdText(time)}</td>
        </tr>
      ))}
    </Table>
  );
}
