import { useEffect, useState } from 'preact/hooks';

/** Until the reader stops typing [ms]. */
const DELAY = 120;

/** A value that follows another one when that has not changed for a moment. */
export function useDeferred<T>(value: T): T {
  const [last, setLast] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLast(() => value), DELAY);
    return () => clearTimeout(timer);
  }, [value]);
  return last;
}
