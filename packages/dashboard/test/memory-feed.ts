import type { OpenFeed } from '../src/alerts/alert-feed';
import { keptAlert } from '../src/alerts/kept-alert';

/** A feed that has these alerts from the beginning; their offsets are their places. */
export function memoryFeed(alerts: readonly unknown[], topic = 'alerts'): OpenFeed {
  return (store) => {
    for (const [offset, alert] of alerts.entries()) {
      const message = { topic, partition: 0, offset, value: Buffer.from('bytes'), timestamp: offset };
      store.add(keptAlert(topic, message, 0, alert, undefined));
    }
    const count = { topic, read: alerts.length, shown: alerts.length };
    return {
      topics: () => [topic],
      sampling: () => [{ ...count, oneOf: 1, undecodable: 0, lastError: null }],
      run: () => Promise.resolve(),
    };
  };
}
