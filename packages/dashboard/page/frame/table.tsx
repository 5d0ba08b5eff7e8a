import type { ComponentChildren, JSX } from 'preact';

export interface Head {
  readonly title: string;
  readonly unit?: string | null | undefined;
  readonly number?: boolean | undefined;
  /** How many columns it stands above. */
  readonly span?: number;
}

interface Props {
  readonly caption: string;
  readonly heads: readonly Head[];
  readonly children: ComponentChildren;
}

/** A table with a caption. One that is wider than its place scrolls in it, by the keyboard too. */
export function Table({ caption, heads, children }: Props): JSX.Element {
  return (
    <Scroller label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map(({ title, unit, number, span }) => (
              <th
                key={title}
                scope={span ? 'colgroup' : 'col'}
                colSpan={span}
                class={number ? 'number' : undefined}
              >
                {title}
                {unit && <span class="unit"> [{unit}]</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroller>
  );
}

export function Scroller({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="scroller" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
