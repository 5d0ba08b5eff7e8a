import type { JSX } from 'preact';
import { type LettersView as Letters, ROUTES } from '../../src/page-api.js';
import { Failure } from '../frame/failure.js';
import { useLive } from '../frame/live.js';
import { hrefOf } from '../frame/route.js';
import { Table } from '../frame/table.js';
import { useResource } from '../frame/use-resource.js';
import { countText, manyText } from '../text/numbers.js';
import { utcText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import { ReplayButton } from './replay-button.js';

/** What steps could not process: why, and from where. */
export function LettersView(): JSX.Element {
  const count = useLive((state) => state.letters?.count);
  const { data, failure, reload } = useResource<Letters>(ROUTES.letters, {}, count);
  return (
    <>
      <h1>Dead letters</h1>
      {failure && <Failure of={failure} retry={reload} />}
      {data && <Shown view={data} reload={reload} />}
    </>
  );
}

function Shown({ view, reload }: { view: Letters; reload: () => void }): JSX.Element {
  const { where, count, letters, reasons, allowReplay } = view;
  if (where === null)
    return (
      <p class="quiet">
        No place of dead letters was named: start <code>apf dashboard</code> with the folder or the topic that
        the steps write them to.
      </p>
    );
  return (
    <>
      <div class="controls">
        <p>
          {count === 0 ? 'No dead letter waits' : `${manyText(count, 'dead letter')} in`}{' '}
          {count === 0 ? 'in ' : ''}
          <span class="mono">{visibleText(where)}</span>.
        </p>
        {allowReplay && count > 0 && (
          <ReplayButton letters="all" count={count} done={reload}>
            Replay all…
          </ReplayButton>
        )}
        {!allowReplay && count > 0 && (
          <p class="quiet">
            They can be replayed by <code>apf dead replay</code>, or from here if <code>apf dashboard</code>{' '}
            runs with <code>--allow-replay</code>.
          </p>
        )}
      </div>
      {reasons.length > 0 && (
        <Table
          caption="Why"
          heads={[
            { title: 'Number', number: true },
            { title: 'Code' },
            { title: 'Stage' },
            { title: 'Topic' },
            { title: 'First and last', unit: 'UTC' },
            { title: 'Error of the last' },
          ]}
        >
          {reasons.map(({ code, stage, topic, count: many, first, last, error }) => (
            <tr key={`${code} ${stage} ${topic}`}>
              <td class="number strong">{countText(many)}</td>
              <th scope="row" class="mono">
                {visibleText(code)}
              </th>
              <td>{visibleText(stage)}</td>
              <td>{visibleText(topic)}</td>
              <td>
                {utcText(first)}
                {last !== first && (
                  <>
                    <br />
                    {utcText(last)}
                  </>
                )}
              </td>
              <td class="wide">{visibleText(error)}</td>
            </tr>
          ))}
        </Table>
      )}
      {letters.length > 0 && (
        <Table
          caption={letters.length < count ? `The latest ${letters.length}` : 'Each of them'}
          heads={[
            { title: 'Message' },
            { title: 'Set aside', unit: 'UTC' },
            { title: 'Step' },
            { title: 'Code' },
            { title: 'Error' },
          ]}
        >
          {letters.map(({ id, time, step, code, error }) => (
            <tr key={id}>
              <th scope="row" class="mono">
                <a href={hrefOf('letter', { id })}>{visibleText(id)}</a>
              </th>
              <td>{utcText(time)}</td>
              <td>{visibleText(step)}</td>
              <td class="mono">{visibleText(code)}</td>
              <td class="wide">{visibleText(error)}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
