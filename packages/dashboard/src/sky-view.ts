import type { KeptAlert } from './alerts/kept-alert.js';
import type { Classification, SkyView } from './page-api.js';

const MOST = 5_000;

/** Where alerts are in the sky. What has no position is left out. */
export function skyView(
  alerts: readonly KeptAlert[],
  classOf: (alert: KeptAlert) => Classification | null,
): SkyView {
  const positions = alerts
    .flatMap((alert) => {
      const { at, objectId, identity } = alert;
      return identity && isPosition(identity.ra, identity.dec)
        ? [
            {
              at,
              objectId,
              ra: identity.ra!,
              dec: identity.dec!,
              class: classOf(alert)?.name ?? null,
              time: identity.time?.mjdUtc ?? null,
            },
          ]
        : [];
    })
    .slice(-MOST);
  const counts = new Map<string | null, number>();
  for (const { class: name } of positions) counts.set(name, (counts.get(name) ?? 0) + 1);
  const classes = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  return { positions, classes };
}

/** A hostile alert may say anything. */
const isPosition = (ra: number | null, dec: number | null): boolean =>
  ra !== null && dec !== null && ra >= -360 && ra <= 720 && Math.abs(dec) <= 90;
