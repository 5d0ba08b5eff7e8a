import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type DashboardInfo, type LetterView as Letter, ROUTES } from '../../src/page-api.js';
import { FieldTree } from '../alert/field-tree.js';
import { addressOf } from '../frame/api.js';
import { Failure } from '../frame/failure.js';
import { hrefOf } from '../frame/route.js';
import { Scroller, Table } from '../frame/table.js';
import { useResource } from '../frame/use-resource.js';
import { sizeText } from '../text/numbers.js';
import { utcText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import { ReplayButton } from './replay-button.js';

const SHOWN = 4096;

/** The framings by what people call them. */
const FRAMINGS: Readonly<Record<string, string>> = {
  ocf: 'an Avro container',
  confluent: 'Avro in Confluent’s framing',
  schemaless: 'Avro without its schema',
  json: 'JSON',
};

/** One dead letter: why, where from, and its bytes. */
export function LetterView({ id, info }: { id: string; info: DashboardInfo }): JSX.Element {
  const { data, failure, reload } = useResource<Letter>(ROUTES.letter, { id });
  const [gone, setGone] = useState(false);
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf('letters')}>Dead letters</a>
      </p>
      <header class="alert-head">
        <h1 class="mono">{visibleText(id)}</h1>
        {data && (
          <div class="actions">
            {data.size !== null && (
              <a href={addressOf(ROUTES.letterRaw, { id })} download>
                Bytes
              </a>
            )}
            {info.allowReplay && (
              <ReplayButton letters={[id]} count={1} done={() => setGone(true)}>
                Replay…
              </ReplayButton>
            )}
          </div>
        )}
      </header>
      {failure && !gone && <Failure of={failure} retry={reload} />}
      {data && <Shown letter={data} />}
    </>
  );
}

function Shown({ letter }: { letter: Letter }): JSX.Element {
  const { code, error, stage, step, time, topic, partition, offset, timestamp, key, size, framing } = letter;
  return (
    <>
      <section class="state bad" aria-label="Why">
        <p>
          <strong class="mono">{visibleText(code)}</strong> {visibleText(error)}
        </p>
      </section>
      <dl class="facts">
        <div>
          <dt>Set aside</dt>
          <dd>
            {utcText(time)} UTC by {visibleText(step)} while it tried to {visibleText(stage)}
          </dd>
        </div>
        <div>
          <dt>From</dt>
          <dd>
            {visibleText(topic)} · partition {partition} · offset {offset}
          </dd>
        </div>
        {timestamp !== null && (
          <div>
            <dt>Written</dt>
            <dd>{utcText(timestamp)} UTC</dd>
          </div>
        )}
        {key !== null && (
          <div>
            <dt>Key</dt>
            <dd class="mono">{visibleText(key)}</dd>
          </div>
        )}
        <div>
          <dt>Bytes</dt>
          <dd>
            {size === null ? 'none: a tombstone' : sizeText(size)}
            {framing !== null && `, taken for ${FRAMINGS[framing] ?? visibleText(framing)}`}
          </dd>
        </div>
      </dl>
      {letter.headers.length > 0 && (
        <Table caption="Headers" heads={[{ title: 'Name' }, { title: 'Value' }]}>
          {letter.headers.map(({ name, value }, i) => (
            <tr key={i}>
              <th scope="row" class="mono">
                {visibleText(name)}
              </th>
              <td class="wide mono">{visibleText(value)}</td>
            </tr>
          ))}
        </Table>
      )}
      {letter.undecodable !== null && (
        <p class="warn">It cannot be decoded: {visibleText(letter.undecodable)}</p>
      )}
      {letter.hex !== '' && (
        <section class="panel" aria-label="Bytes">
          <h2>Bytes {size !== null && size > SHOWN && <span class="quiet">the first {SHOWN}</span>}</h2>
          <Scroller label="Hexadecimal dump">
            <pre class="hex">{letter.hex.split('\n').map(visibleText).join('\n')}</pre>
          </Scroller>
        </section>
      )}
      {letter.decoded && <FieldTree root={letter.decoded} title="As far as it decodes" />}
    </>
  );
}
