import { useEffect, useState } from 'preact/hooks';

export const VIEWS = ['stream', 'alerts', 'alert', 'letters', 'letter', 'sky'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Where the reader is: a view and what it shows, as the address says it behind `#`. */
export interface Route {
  readonly view: ViewName;
  readonly query: Readonly<Record<string, string>>;
}

/** A route by the address's hash, such as `#/alerts?topic=ztf`; null for none and for one that there is not. */
export function parseRoute(hash: string): Route | null {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const view = VIEWS.find((name) => name === path);
  return view ? { view, query: Object.fromEntries(new URLSearchParams(search)) } : null;
}

/** The hash of a route. What is undefined or empty is left out. */
export function hrefOf(
  view: ViewName,
  query: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${view}${search === '' ? '' : `?${search}`}`;
}

/** Goes to another route without a new entry in the history: for what is typed. */
export function replaceRoute(href: string): void {
  history.replaceState(null, '', href);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route | null {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
