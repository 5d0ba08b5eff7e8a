import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AlertColumn, AlertRow, AlertsView } from '../../src/page-api.js';
import { hrefOf } from '../frame/route.js';
import { Scroller } from '../frame/table.js';
import { cellText, compareCells } from './cell-text.js';
import { positionQuery } from './position-query.js';

interface Order {
  readonly key: string;
  readonly descending: boolean;
}

/**
 * The alerts, one in a row; the latest first unless the reader sorts by a column. Arrows up and down go from one alert to
 * the next.
 */
export function AlertsTable({ view, caption }: { view: AlertsView; caption: string }): JSX.Element {
  const [order, setOrder] = useState<Order | null>(null);
  const { columns } = view;
  const sorted = order ? columns.findIndex(({ key }) => key === order.key) : -1;
  const rows =
    order && sorted >= 0
      ? [...view.rows].sort((a, b) =>
          compareCells(a.cells[sorted] ?? null, b.cells[sorted] ?? null, order.descending),
        )
      : view.rows;
  const link = Math.max(
    0,
    columns.findIndex(({ kind }) => kind === 'id'),
  );
  return (
    <Scroller label={caption}>
      <table class="alerts" onKeyDown={walk}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <SortableHead key={column.key} column={column} order={order} sort={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={keyOf(row)} row={row} columns={columns} link={link} />
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

interface HeadProps {
  readonly column: AlertColumn;
  readonly order: Order | null;
  readonly sort: (order: Order | null) => void;
}

/** Once for ascending, once more for descending, a third time for the latest first again. */
function SortableHead({ column: { key, title, unit, kind }, order, sort }: HeadProps): JSX.Element {
  const mine = order?.key === key ? order : null;
  // Times are shown by the calendar.
  const shownUnit = kind === 'time' ? 'UTC' : unit;
  const next = !mine ? { key, descending: false } : mine.descending ? null : { key, descending: true };
  return (
    <th
      scope="col"
      class={kind === 'number' ? 'number' : undefined}
      aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" class="sort" title={key} onClick={() => sort(next)}>
        {title}
        {shownUnit && <span class="unit"> [{shownUnit}]</span>}
        <span class="arrow" aria-hidden="true">
          {mine ? (mine.descending ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
}

function Row({
  row,
  columns,
  link,
}: {
  row: AlertRow;
  columns: readonly AlertColumn[];
  link: number;
}): JSX.Element {
  const href = hrefOf('alert', positionQuery(row.at));
  return (
    <tr>
      {columns.map((column, i) => {
        const text = cellText(row.cells[i] ?? null, column);
        return i === link ? (
          <th key={column.key} scope="row" class="mono">
            <a href={href}>{text}</a>
          </th>
        ) : (
          <td
            key={column.key}
            class={column.kind === 'number' ? 'number' : column.kind === 'id' ? 'mono' : undefined}
          >
            {text}
          </td>
        );
      })}
    </tr>
  );
}

function walk(event: JSX.TargetedKeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLAnchorElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tbody a')];
  const next = links[links.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function keyOf({ at }: AlertRow): string {
  return `${at.topic}/${at.partition}/${at.offset}/${at.record}`;
}
