import type { StampClassification } from '@apf/alerts';
import { supernovaStep, type Supernova } from '../../src/demo/supernova-step.js';

const alert = (objectId: string, candid: bigint, SN: number, AGN = 0): StampClassification => ({
  objectId,
  candid,
  probabilities: { SN, AGN, VS: 0, asteroid: 0, bogus: 0 },
});

describe('the supernova step', () => {
  const run = (...alerts: StampClassification[]): [Supernova[], unknown[]] => {
    const found: Supernova[] = [];
    const step = new (supernovaStep((supernova) => found.push(supernova)))();
    return [found, alerts.map((message) => step.execute(message, undefined as never))];
  };

  it('tells of a supernova with its probability and its page at ALeRCE, and produces it', () => {
    const supernova = {
      objectId: 'ZTF26abc',
      candid: 3360229810515005012n,
      probability: 0.75,
      link: 'https://alerce.online/object/ZTF26abc',
    };
    expect(run(alert('ZTF26abc', 3360229810515005012n, 0.75))).toEqual([[supernova], [supernova]]);
  });

  it('passes over other classes, and a supernova that is not sure enough', () => {
    expect(run(alert('a', 1n, 0.2, 0.8), alert('b', 2n, 0.49, 0.3))).toEqual([[], [undefined, undefined]]);
  });

  it('tells of each object once', () => {
    const [found] = run(alert('a', 1n, 0.9), alert('a', 2n, 0.9), alert('b', 3n, 0.9));
    expect(found.map(({ candid }) => candid)).toEqual([1n, 3n]);
  });
});
