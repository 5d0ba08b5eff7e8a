import { planObservations, type ObservationPlan } from '@apf/alerts';
import type { Display } from '../demo/display.js';
import type { SimulationSettings } from './settings.js';
import type { Supply } from './supply.js';

/** What Fink's simulator says before it starts, with totals that hold. */
export function announce(settings: SimulationSettings, supply: Supply, display: Display): ObservationPlan {
  const { perBurst, observations: asked } = settings;
  const { set, name } = supply;
  const plan = planObservations(set.length, perBurst, asked);
  const count = plan.sizes.length;
  const [most, least] = [plan.sizes[0]!, plan.sizes.at(-1)!];
  const each = most === least ? `${most}` : `${least} to ${most}`;
  const about = { event: 'plan', available: set.length, total: plan.total, observations: count };
  if (asked === -1) {
    display.result(
      padded(
        `All ${set.length} alerts to be sent (nobservations=-1), corresponding`,
        `to ${count} observations (${each} alerts each).`,
      ),
      { ...about, reduced: false },
    );
  } else if (plan.reduced) {
    display.result(
      padded(
        'You ask for more data than you have!',
        `Number of alerts on disk (${name}): ${set.length}`,
        `Number of alerts required (nalerts_per_obs * nobservations): ${perBurst * asked}`,
        '',
        `Hence, we reduced the number of observations to ${count}.`,
      ),
      { ...about, reduced: true },
    );
  }
  display.result(`Total alert available (${name}): ${set.length}`, {
    event: 'available',
    alerts: set.length,
  });
  display.result(`Total alert to be sent: ${plan.total}`, { event: 'total', alerts: plan.total });
  return plan;
}

/** A block as Fink's simulator prints it: indented, with an empty line before and after. */
function padded(...lines: readonly string[]): string {
  return ['', ...lines.map((line) => (line === '' ? '' : `        ${line}`)), ''].join('\n');
}
