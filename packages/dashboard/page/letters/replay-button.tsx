import type { JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { type ReplayRequest, type ReplayResult, ROUTES } from '../../src/page-api.js';
import { type ApiFailure, postJson } from '../frame/api.js';
import { manyText } from '../text/numbers.js';
import { visibleText } from '../text/visible-text.js';

interface Props {
  readonly letters: ReplayRequest['letters'];
  readonly count: number;
  /** After dead letters were replayed. */
  readonly done: () => void;
  readonly children: string;
}

/** Gives dead letters back to their topics, after the reader has said yes. */
export function ReplayButton({ letters, count, done, children }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<{ busy: boolean; text: string; bad: boolean }>({
    busy: false,
    text: '',
    bad: false,
  });
  const title = useId();
  const replay = async (): Promise<void> => {
    dialog.current?.close();
    setState({ busy: true, text: 'Replaying…', bad: false });
    try {
      const { replayed } = await postJson<ReplayResult>(ROUTES.replay, { letters } satisfies ReplayRequest);
      setState({ busy: false, text: `${manyText(replayed, 'dead letter')} replayed.`, bad: false });
      done();
    } catch (error) {
      setState({ busy: false, text: visibleText((error as ApiFailure).message), bad: true });
    }
  };
  return (
    <>
      <button type="button" disabled={state.busy} onClick={() => dialog.current?.showModal()}>
        {children}
      </button>
      <p role="status" class={state.bad ? 'bad' : undefined}>
        {state.text}
      </p>
      <dialog ref={dialog} aria-labelledby={title}>
        <h2 id={title}>Replay {manyText(count, 'dead letter')}?</h2>
        <p>
          {count === 1 ? 'The message is' : 'The messages are'} written to the topic of origin again, as{' '}
          {count === 1 ? 'it' : 'they'} came. Every group that reads there gets {count === 1 ? 'it' : 'them'};
          a step that fails again sets {count === 1 ? 'it' : 'them'} aside again.
        </p>
        <div class="buttons">
          {/* The harmless one first: it has the focus. */}
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="button" class="danger" onClick={() => void replay()}>
            Replay
          </button>
        </div>
      </dialog>
    </>
  );
}
