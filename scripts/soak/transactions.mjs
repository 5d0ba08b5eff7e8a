// `soak -- kill` with `transactional.id`: what is produced and the offsets are one Kafka transaction, so that whoever reads
// with read_committed sees each result once, however often its maker was killed.
import { killAgain } from './kill.mjs';

export function soak(options) {
  return killAgain({ ...options, exactly: true });
}
