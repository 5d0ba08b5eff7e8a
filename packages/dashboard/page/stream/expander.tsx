import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Which rows of a table show their parts, and the button that says so. */
export function useExpanded(): {
  readonly isOpen: (name: string) => boolean;
  readonly toggle: (name: string) => void;
} {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string): void =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  return { isOpen: (name) => open.has(name), toggle };
}

interface Props {
  readonly open: boolean;
  readonly toggle: () => void;
  /** What it shows, such as `12 partitions`. */
  readonly children: string;
  /** Of what, for who does not see the row. */
  readonly of: string;
}

export function Expander({ open, toggle, children, of }: Props): JSX.Element {
  return (
    <button
      type="button"
      class="expander"
      aria-expanded={open}
      aria-label={`${children} of ${of}`}
      onClick={toggle}
    >
      {children}
    </button>
  );
}
