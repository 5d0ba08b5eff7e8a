import { solarSystemNeighbour } from '@apf/alerts';
import { Step } from '@apf/core';

/** Exercise 3: alerts less than 5 arcsec from a known body of the solar system are dropped, the others go on. */
export default class RejectSolarSystem<Alert> extends Step<Alert, Alert> {
  execute(alert: Alert): Alert | undefined {
    const near = solarSystemNeighbour(alert);
    if (!near) return alert;
    const name = near.name ?? 'an unnamed one';
    console.log(
      `WARNING: alert close to known solar system object: ${near.distance.toFixed(2)} arcsec from ${name}`,
    );
    return undefined;
  }
}
