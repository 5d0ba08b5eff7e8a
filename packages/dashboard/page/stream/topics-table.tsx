import { Fragment, type JSX } from 'preact';
import type { StreamHistory, TopicState } from '../../src/page-api.js';
import { hrefOf } from '../frame/route.js';
import { Table } from '../frame/table.js';
import { countText, manyText, rateText } from '../text/numbers.js';
import { utcText } from '../text/times.js';
import { Expander, useExpanded } from './expander.js';
import { Sparkline } from './sparkline.js';

const HEADS = [
  { title: 'Topic' },
  { title: 'Messages', number: true },
  { title: 'Written', span: 2 },
  { title: 'Newest', unit: 'UTC' },
  { title: 'Partitions' },
];
const COLUMNS = 6;

interface Props {
  readonly topics: readonly TopicState[];
  readonly history: StreamHistory | null;
}

/** The topics: what is kept in each, and how fast it grows. */
export function TopicsTable({ topics, history }: Props): JSX.Element {
  const { isOpen, toggle } = useExpanded();
  return (
    <Table caption="Topics" heads={HEADS}>
      {topics.map((topic) => (
        <Fragment key={topic.name}>
          <tr>
            <th scope="row">
              <a href={hrefOf('alerts', { topic: topic.name })}>{topic.name}</a>
            </th>
            <td class="number">{countText(topic.messages)}</td>
            <td class="number strong">{rateText(topic.rate)}</td>
            <td>
              <Sparkline values={history?.topicRate[topic.name]} of="Written per second" text={rateText} />
            </td>
            <td>{utcText(topic.newest)}</td>
            <td>
              <Expander open={isOpen(topic.name)} toggle={() => toggle(topic.name)} of={topic.name}>
                {manyText(topic.partitions.length, 'partition')}
              </Expander>
            </td>
          </tr>
          {isOpen(topic.name) &&
            topic.partitions.map(({ partition, begin, end }) => (
              <tr class="part" key={partition}>
                <td>partition {partition}</td>
                <td class="number">{countText(end - begin)}</td>
                <td colSpan={COLUMNS - 2}>
                  offsets {countText(begin)} to {countText(end)}
                </td>
              </tr>
            ))}
        </Fragment>
      ))}
    </Table>
  );
}
