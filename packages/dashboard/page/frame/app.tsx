import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type DashboardInfo, ROUTES } from '../../src/page-api.js';
import { AlertView } from '../alert/alert-view.js';
import { AlertsView } from '../alerts/alerts-view.js';
import { LetterView } from '../letters/letter-view.js';
import { LettersView } from '../letters/letters-view.js';
import { SkyView } from '../sky/sky-view.js';
import { StreamView } from '../stream/stream-view.js';
import { LiveStatus } from './live-status.js';
import { Failure } from './failure.js';
import { hrefOf, type Route, useRoute, type ViewName } from './route.js';
import { useLive } from './live.js';
import { useResource } from './use-resource.js';

const TITLES: Readonly<Record<DashboardInfo['views'][number], string>> = {
  stream: 'Stream',
  alerts: 'Alerts',
  letters: 'Dead letters',
  sky: 'Sky',
};

/** The whole page: where the reader can go, whether the server is heard, and the view of the address. */
export function App(): JSX.Element {
  // Topics may come while the page is open.
  const topics = useLive(({ alerts }) => alerts?.topics.map(({ topic }) => topic).join());
  const info = useResource<DashboardInfo>(ROUTES.info, {}, topics);
  const asked = useRoute();
  const main = useRef<HTMLElement>(null);
  const { data } = info;
  const route = asked ?? (data && { view: data.views[0] ?? 'alerts', query: {} });
  useTitle(route?.view, data?.title);
  useFocus(main, route?.view);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The hash is the address of the view.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header class="top">
        <span class="brand">apf</span>
        <span class="about" title={data?.title}>
          {data?.title ?? ''}
        </span>
        {data && <Navigation views={data.views} current={route?.view} />}
        <LiveStatus />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        {info.failure && <Failure of={info.failure} retry={info.reload} />}
        {data && route && <View info={data} route={route} />}
      </main>
    </>
  );
}

function Navigation({
  views,
  current,
}: {
  views: DashboardInfo['views'];
  current: ViewName | undefined;
}): JSX.Element {
  const letters = useLive((state) => state.letters?.count ?? 0);
  const inside: Partial<Record<ViewName, ViewName>> = { alert: 'alerts', letter: 'letters' };
  const shown = current && (inside[current] ?? current);
  return (
    <nav aria-label="Views">
      {views.map((view) => (
        <a key={view} href={hrefOf(view)} aria-current={view === shown ? 'page' : undefined}>
          {TITLES[view]}
          {view === 'letters' && letters > 0 && <span class="badge">{letters}</span>}
        </a>
      ))}
    </nav>
  );
}

function View({ info, route: { view, query } }: { info: DashboardInfo; route: Route }): JSX.Element {
  switch (view) {
    case 'stream':
      return <StreamView info={info} />;
    case 'alerts':
      return <AlertsView info={info} query={query} />;
    case 'alert':
      return <AlertView info={info} query={query} />;
    case 'letters':
      return <LettersView />;
    case 'letter':
      return <LetterView id={query.id ?? ''} info={info} />;
    case 'sky':
      return <SkyView info={info} query={query} />;
  }
}

function useTitle(view: ViewName | undefined, about: string | undefined): void {
  useEffect(() => {
    const titles: Partial<Record<ViewName, string>> = { ...TITLES, alert: 'Alert', letter: 'Dead letter' };
    document.title = [view && titles[view], 'apf', about].filter(Boolean).join(' · ');
  }, [view, about]);
}

/** Whoever goes to another view by the keyboard goes on from its beginning. */
function useFocus(main: { readonly current: HTMLElement | null }, view: ViewName | undefined): void {
  const before = useRef(view);
  useEffect(() => {
    if (before.current !== undefined && view !== before.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    before.current = view;
  }, [main, view]);
}
