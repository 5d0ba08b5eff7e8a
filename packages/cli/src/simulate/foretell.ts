import { printable } from '@apf/core';
import type { AlertSet } from './alert-set.js';
import { announce } from './announce.js';
import type { SimulationSurroundings } from './run-simulation.js';
import type { SimulationSettings } from './settings.js';
import type { Supply } from './supply.js';

/** Says what would be sent, and when. */
export async function foretell(
  settings: SimulationSettings,
  supply: Supply,
  { display, interruption }: Pick<SimulationSurroundings, 'display' | 'interruption'>,
): Promise<void> {
  const { framing, interval, rate, window, topic, visits } = settings;
  const pace = interval > 0 ? `every ${interval} s` : 'one after the other';
  const how = `as ${framing} to '${topic}', ${pace}${rate === undefined ? '' : `, ${rate} alerts/s`}${window === undefined ? '' : `, over ${window} s`}`;
  let [bursts, alerts, bytes] = [0, 0, 0];
  if (visits) {
    for await (const { id, size, groups } of supply.visits()) {
      bursts++;
      alerts += size;
      const visitBytes = supply.set.bytesOf(size);
      bytes += visitBytes;
      const divided = groups ? ` in ${groups.length} ${groups.length === 1 ? 'burst' : 'bursts'}` : '';
      display.result(`visit ${id}: ${size} alerts${divided}, ${megabytes(visitBytes)}`, {
        event: 'visit',
        visit: id,
        alerts: size,
        groups: groups?.length,
        bytes: visitBytes,
      });
      if (interruption.signal.aborted) return;
    }
    if (alerts === 0) throw supply.nothing();
  } else {
    await supply.gather(interruption.signal);
    if (interruption.signal.aborted) return;
    const plan = announce(settings, supply, display);
    [bursts, alerts, bytes] = [plan.sizes.length, plan.total, supply.set.bytesOf(plan.total)];
    for (const line of ends(supply.set, alerts)) display.result(line.text, line.record);
  }
  const what = visits ? 'visits' : 'observations';
  display.result(
    `Nothing was sent (--dry-run): ${alerts} alerts (${megabytes(bytes)}) in ${bursts} ${what} ${how}.`,
    { event: 'dry-run', alerts, bytes, bursts, bad: supply.bad.count },
  );
}

/** The first and the last alert that would be sent. */
function ends(set: AlertSet, alerts: number): { text: string; record: object }[] {
  return [['First', 0] as const, ['Last', alerts - 1] as const].map(([which, place]) => {
    const { moment, shown, name } = set.at(place);
    const time =
      moment === undefined ? '' : ` MJD ${moment.time.toFixed(5)} (TAI), source ${moment.id ?? '?'}`;
    return {
      text: `${which} alert:${time}${shown === undefined ? '' : `, ${shown}`}, from ${printable(name, 300)}`,
      record: { event: which.toLowerCase(), time: moment?.time, id: moment?.id, shown, name },
    };
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
