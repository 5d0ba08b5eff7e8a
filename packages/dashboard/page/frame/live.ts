import { useEffect, useRef, useState } from 'preact/hooks';
import {
  type AlertsTick,
  type LettersTick,
  ROUTES,
  type StreamHistory,
  type StreamSnapshot,
  type StreamView,
} from '../../src/page-api.js';
import { getJson } from './api.js';
import { appendSnapshot } from '../stream/append-snapshot.js';

/** What the server told last, and since when it is silent. */
export interface LiveState {
  readonly stream: StreamSnapshot | null;
  readonly history: StreamHistory | null;
  readonly alerts: AlertsTick | null;
  readonly letters: LettersTick | null;
  /** `opening` until the server answers; `silent`: nothing is heard of it for {@link SILENCE}. */
  readonly connection: 'opening' | 'live' | 'silent';
  /** When the server was heard last, by this machine's clock [ms]. */
  readonly heard: number | null;
}

/** The page shows new state this often at most [ms]: as fast as eyes follow, however much comes in. */
const REFRESH = 250;
/** Where there is a stream the server speaks twice a second; after this long something is wrong [ms]. */
const SILENCE = 2000;
const RETRY = 2000;

let state: LiveState = {
  stream: null,
  history: null,
  alerts: null,
  letters: null,
  connection: 'opening',
  heard: null,
};
const listeners = new Set<() => void>();
let scheduled = false;
let source: EventSource | null = null;

function change(part: Partial<LiveState>): void {
  state = { ...state, ...part };
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    for (const listener of listeners) listener();
  }, REFRESH);
}

/** Begins to listen to the server, for as long as the page is open; a lost connection is taken up again. */
export function startLive(): void {
  connect();
  setInterval(() => {
    // A database or a folder has nothing to say for hours; the connection stands all the same.
    if (source?.readyState === EventSource.OPEN && !state.stream) heard();
    const silent = state.heard !== null && Date.now() - state.heard > SILENCE;
    if (silent) change({ connection: 'silent' });
    // A browser gives up on its own when the server answers with an error, as a proxy before it does.
    if (source?.readyState === EventSource.CLOSED) connect();
  }, RETRY / 4);
}

function heard(part: Partial<LiveState> = {}): void {
  change({ ...part, connection: 'live', heard: Date.now() });
}

let lastTry = 0;

function connect(): void {
  if (Date.now() - lastTry < RETRY) return;
  lastTry = Date.now();
  source?.close();
  source = new EventSource(ROUTES.events);
  source.addEventListener('open', () => {
    heard();
    void loadHistory();
  });
  const on = <T>(name: string, take: (data: T) => Partial<LiveState>): void =>
    source?.addEventListener(name, (event: MessageEvent<string>) => heard(take(JSON.parse(event.data) as T)));
  on<StreamSnapshot>('stream', (stream) => ({
    stream,
    history: state.history && appendSnapshot(state.history, stream),
  }));
  on<AlertsTick>('alerts', (alerts) => ({ alerts }));
  on<LettersTick>('letters', (letters) => ({ letters }));
}

async function loadHistory(): Promise<void> {
  try {
    const { history } = await getJson<StreamView>(ROUTES.stream);
    change({ history });
  } catch {
    // The events tell whether the server is there; without a history the graphs begin now.
  }
}

/** A part of the newest state, a few times a second at most; who uses it is drawn again when that part changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const [seen, setSeen] = useState(() => select(state));
  const selecting = useRef(select);
  selecting.current = select;
  useEffect(() => {
    const listener = (): void => {
      const selected = selecting.current(state);
      setSeen(() => selected);
    };
    listener();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return seen;
}
