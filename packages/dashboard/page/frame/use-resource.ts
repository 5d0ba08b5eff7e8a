import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { addressOf, type ApiFailure, getJson, type Query } from './api.js';

export interface Resource<T> {
  /** The last answer; after a failure too. Undefined before the first, and for another address than before. */
  readonly data: T | undefined;
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

interface Answer<T> {
  readonly address: string;
  readonly data?: T | undefined;
  readonly failure?: ApiFailure | undefined;
}

/**
 * What a route answers, asked again whenever `tick` changes: one request at a time, and one more after it if `tick`
 * changed meanwhile, so that a slow server is not asked faster than it answers.
 */
export function useResource<T>(route: string, query: Query = {}, tick: unknown = 0): Resource<T> {
  const address = addressOf(route, query);
  const [answer, setAnswer] = useState<Answer<T>>({ address });
  const state = useRef<{ address: string; running: AbortController | null; again: boolean }>({
    address,
    running: null,
    again: false,
  });

  const load = useCallback((): void => {
    const { current } = state;
    if (current.running && current.address === address) {
      current.again = true;
      return;
    }
    current.running?.abort();
    const running = new AbortController();
    Object.assign(current, { address, running, again: false });
    getJson<T>(address, {}, running.signal)
      .then(
        (data) => setAnswer({ address, data }),
        (failure: ApiFailure) => {
          if (running.signal.aborted) return;
          setAnswer((last) => ({ address, data: last.address === address ? last.data : undefined, failure }));
        },
      )
      .finally(() => {
        if (current.running !== running) return;
        current.running = null;
        if (current.again) load();
      });
  }, [address]);

  useEffect(load, [load, tick]);
  useEffect(
    () => () => {
      state.current.running?.abort();
      state.current.running = null;
    },
    [],
  );
  const current = answer.address === address ? answer : undefined;
  return { data: current?.data, failure: current?.failure, reload: load };
}
