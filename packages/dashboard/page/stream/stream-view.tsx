import type { JSX } from 'preact';
import type { DashboardInfo, StreamHistory, StreamSnapshot } from '../../src/page-api.js';
import { useLive } from '../frame/live.js';
import { hrefOf } from '../frame/route.js';
import { countText, rateText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';
import { GroupsTable } from './groups-table.js';
import { Sparkline } from './sparkline.js';
import { StepsTable } from './steps-table.js';
import { TopicsTable } from './topics-table.js';
import { stateText, troublesOf } from './troubles.js';

/** Who reads what, how fast, how far behind: for whoever runs the steps. */
export function StreamView({ info }: { info: DashboardInfo }): JSX.Element {
  const { stream, history } = useLive((state) => state);
  return (
    <>
      <h1>Stream</h1>
      {stream ? (
        <Stream now={stream} history={history} info={info} />
      ) : (
        <p class="quiet">Waiting for the first look at the broker…</p>
      )}
    </>
  );
}

interface Props {
  readonly now: StreamSnapshot;
  readonly history: StreamHistory | null;
  readonly info: DashboardInfo;
}

function Stream({ now, history, info }: Props): JSX.Element {
  const troubles = troublesOf(now);
  return (
    <>
      <section class={troubles.length > 0 ? 'state bad' : 'state good'} aria-label="State">
        {/* Only what begins or ends is read out, not the seconds that pass. */}
        <div role="status">
          {troubles.length === 0 ? (
            <p>{stateText(now)}</p>
          ) : (
            troubles.map(({ key, what, detail }) => (
              <p key={key}>
                <strong>{visibleText(what)}</strong> <span aria-live="off">{visibleText(detail)}</span>
              </p>
            ))
          )}
        </div>
      </section>
      <Totals now={now} history={history} info={info} />
      <GroupsTable now={now} history={history} />
      {now.steps.length > 0 && <StepsTable steps={now.steps} history={history} />}
      {now.unseen.map((line) => (
        <p key={line} class="warn">
          {visibleText(line)}
        </p>
      ))}
      <TopicsTable topics={now.topics} history={history} />
    </>
  );
}

/** The numbers that are looked at first. */
function Totals({ now, history, info }: Props): JSX.Element {
  const rates = now.topics.flatMap(({ rate }) => (rate === null ? [] : [rate]));
  const rate = rates.length === 0 ? null : rates.reduce((sum, one) => sum + one, 0);
  const messages = now.topics.reduce((sum, topic) => sum + topic.messages, 0);
  return (
    <dl class="totals">
      <div>
        <dt>Broker</dt>
        <dd>{now.servers ?? info.source}</dd>
      </div>
      <div>
        <dt>In</dt>
        <dd>{rateText(rate)}</dd>
      </div>
      <div>
        <dt>Messages kept</dt>
        <dd>{countText(messages)}</dd>
      </div>
      <div>
        <dt>Dead letters</dt>
        <dd class={now.deadLetters ? 'warn' : undefined}>
          {now.deadLetters === null ? (
            'not looked at'
          ) : (
            <a href={hrefOf('letters')}>{countText(now.deadLetters)}</a>
          )}
          {now.deadLetters !== null && history && (
            <Sparkline values={history.deadLetters} of="Dead letters" text={countText} />
          )}
        </dd>
      </div>
    </dl>
  );
}
