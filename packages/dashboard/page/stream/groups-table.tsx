import { Fragment, type JSX } from 'preact';
import type { GroupState, StreamHistory, StreamSnapshot } from '../../src/page-api.js';
import { Table } from '../frame/table.js';
import { countText, manyText, rateText, UNKNOWN } from '../text/numbers.js';
import { durationText } from '../text/times.js';
import { Expander, useExpanded } from './expander.js';
import { Sparkline } from './sparkline.js';

const HEADS = [
  { title: 'Group' },
  { title: 'State' },
  { title: 'Lag', span: 2 },
  { title: 'Committed', span: 2 },
  { title: 'End to end', span: 2 },
  { title: 'Members', number: true },
  { title: 'Partitions' },
];
const COLUMNS = 10;

interface Props {
  readonly now: StreamSnapshot;
  readonly history: StreamHistory | null;
}

/** The consumer groups: how far behind each is, and whether it goes on. */
export function GroupsTable({ now, history }: Props): JSX.Element {
  const { isOpen, toggle } = useExpanded();
  return (
    <Table caption="Groups" heads={HEADS}>
      {now.groups.length === 0 && (
        <tr>
          <td colSpan={COLUMNS} class="quiet">
            No group has read here.
          </td>
        </tr>
      )}
      {now.groups.map((group) => (
        <Fragment key={group.name}>
          <tr class={group.stalled ? 'stalled' : undefined}>
            <th scope="row">{group.name}</th>
            <td>{stateOf(group, now.time)}</td>
            <td class="number strong">{countText(group.lag)}</td>
            <td>
              <Sparkline values={history?.groupLag[group.name]} of="Lag" text={countText} />
            </td>
            <td class="number">{rateText(group.rate)}</td>
            <td>
              <Sparkline values={history?.groupRate[group.name]} of="Committed per second" text={rateText} />
            </td>
            <td class="number">{durationText(group.latency)}</td>
            <td>
              <Sparkline
                values={history?.groupLatency[group.name]}
                of="End-to-end latency"
                text={durationText}
              />
            </td>
            <td class="number">{countText(group.members)}</td>
            <td>
              {group.partitions.length > 0 && (
                <Expander open={isOpen(group.name)} toggle={() => toggle(group.name)} of={group.name}>
                  {manyText(group.partitions.length, 'partition')}
                </Expander>
              )}
            </td>
          </tr>
          {isOpen(group.name) && <Partitions group={group} />}
        </Fragment>
      ))}
    </Table>
  );
}

/** In words, since colour alone says nothing to many. */
function stateOf({ stalled, stillSince, state, lag }: GroupState, now: number): JSX.Element {
  if (stalled && stillSince !== null) {
    const seconds = Math.max(0, Math.round((now - stillSince) / 1000));
    return <span class="tag bad">stalled for {durationText(seconds)}</span>;
  }
  if (stalled) return <span class="tag bad">stalled</span>;
  const word = lag === 0 ? 'up to date' : lag === null ? (state?.toLowerCase() ?? UNKNOWN) : 'reading';
  return (
    <span class="tag good">
      {word}
      {state !== null && !/^stable$/i.test(state) && word !== state && ` (${state.toLowerCase()})`}
    </span>
  );
}

function Partitions({ group }: { group: GroupState }): JSX.Element {
  return (
    <>
      {group.partitions.map(({ topic, partition, committed, end, lag }) => (
        <tr class="part" key={`${topic} ${partition}`}>
          <td colSpan={2}>
            {topic} · partition {partition}
          </td>
          <td class="number">{countText(lag)}</td>
          <td colSpan={COLUMNS - 3}>
            committed {countText(committed)} of {countText(end)}
          </td>
        </tr>
      ))}
    </>
  );
}
