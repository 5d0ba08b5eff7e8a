/** How a set of alerts is divided into observations. */
export interface ObservationPlan {
  /** Alerts of each observation, in their order; as even as can be, the larger ones first. */
  readonly sizes: readonly number[];
  /** Alerts of all observations. */
  readonly total: number;
  /** Fewer observations than were asked for: there are not so many alerts. */
  readonly reduced: boolean;
}

/**
 * Divides alerts into observations as Fink's simulator does: `observations` of `perObservation` alerts each; for all
 * alerts (-1), or where there are fewer, one more than the whole ones, and the alerts are spread evenly over them, as
 * numpy's array_split does. No observation is empty.
 */
export function planObservations(
  available: number,
  perObservation: number,
  observations: number,
): ObservationPlan {
  const all = observations === -1;
  const reduced = !all && available < perObservation * observations;
  const asked = all || reduced ? Math.floor(available / perObservation) + 1 : observations;
  const total = all || reduced ? available : perObservation * observations;
  const count = Math.min(asked, total);
  const [least, larger] = [Math.floor(total / count), total % count];
  return {
    sizes: Array.from({ length: count }, (_, i) => (i < larger ? least + 1 : least)),
    total,
    reduced,
  };
}
