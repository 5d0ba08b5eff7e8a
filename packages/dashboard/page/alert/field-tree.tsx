import type { JSX } from 'preact';
import { useDeferred } from './use-deferred.js';
import { useId, useMemo, useState } from 'preact/hooks';
import type { FieldNode } from '../../src/page-api.js';
import { countText, manyText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';
import { searchFields } from './search-fields.js';

/** Records with this many fields or fewer are open from the beginning, at the top. */
const OPEN = 160;

/** All values of an alert, record in record, to be opened and searched. */
export function FieldTree({ root, title }: { root: FieldNode; title: string }): JSX.Element {
  const [text, setText] = useState('');
  const needle = useDeferred(text);
  const id = useId();
  const found = useMemo(() => (needle.trim() === '' ? null : searchFields(root, needle)), [root, needle]);
  const shown = found ? found.tree : root;
  return (
    <section class="panel fields" aria-label={title}>
      <div class="controls">
        <h2>{title}</h2>
        <div class="field">
          <label for={id}>Find</label>
          <input
            id={id}
            type="search"
            value={text}
            placeholder="magpsf, 0.98, …"
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <p role="status" class="quiet">
          {found && (found.count === 0 ? 'nothing found' : `${manyText(found.count, 'field')} found`)}
        </p>
      </div>
      {shown && <Children key={needle} of={shown} depth={0} open={found !== null} />}
    </section>
  );
}

function Children({ of, depth, open }: { of: FieldNode; depth: number; open: boolean }): JSX.Element {
  const { children = [], leftOut } = of;
  // A root that is no record itself.
  const nodes = depth === 0 && !of.children ? [of] : children;
  return (
    <ul class="tree">
      {nodes.map((node) => (
        <li key={node.name}>
          {node.children ? <Branch node={node} depth={depth} open={open} /> : <Leaf node={node} />}
        </li>
      ))}
      {!!leftOut && <li class="quiet">{manyText(leftOut, 'more value')}; the JSON has all</li>}
    </ul>
  );
}

function Branch({ node, depth, open }: { node: FieldNode; depth: number; open: boolean }): JSX.Element {
  const count = node.children!.length + (node.leftOut ?? 0);
  const [isOpen, setOpen] = useState(open || (depth === 0 && node.kind === 'record' && count <= OPEN));
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary title={node.doc && visibleText(node.doc)}>
        <span class="name">{visibleText(node.name)}</span>{' '}
        <span class="quiet">{node.kind === 'array' ? `[${countText(count)}]` : `{${countText(count)}}`}</span>
      </summary>
      {/* Only what is open: an alert has thousands of values. */}
      {isOpen && <Children of={node} depth={depth + 1} open={open} />}
    </details>
  );
}

function Leaf({ node: { name, value, kind, doc, leftOut } }: { node: FieldNode }): JSX.Element {
  return (
    <div class="leaf">
      <span class="name" title={doc && visibleText(doc)}>
        {visibleText(name)}
      </span>{' '}
      <span class={`value ${kind}`}>{value === null ? 'null' : visibleText(value)}</span>
      {!!leftOut && <span class="quiet"> … {manyText(leftOut, 'more character')}</span>}
    </div>
  );
}
