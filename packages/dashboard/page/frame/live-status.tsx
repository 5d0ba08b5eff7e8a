import type { JSX } from 'preact';
import { durationText } from '../text/times.js';
import { useLive } from './live.js';

/** Whether the page is up to date, in words and colour. */
export function LiveStatus(): JSX.Element {
  const { connection, heard } = useLive((state) => state);
  const silence = heard === null ? '' : ` for ${durationText(Math.round((Date.now() - heard) / 1000))}`;
  const text = { opening: 'connecting', live: 'live', silent: 'no word from the server' }[connection];
  return (
    <p class={`live ${connection}`}>
      {/* The seconds change all the time: they are not read out. */}
      <span role="status">{text}</span>
      {connection === 'silent' && <span aria-hidden="true">{silence}</span>}
    </p>
  );
}
