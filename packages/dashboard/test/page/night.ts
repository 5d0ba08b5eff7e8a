import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClassifiedAlert,
  STAMP_CLASSES,
  STAMP_CLASSIFIER_SCHEMA,
  startOfLastNights,
  syntheticSky,
  syntheticZtf,
  type ZtfAlert,
  ZTF_ALERT_SCHEMA,
} from '@apf/alerts';
import { FolderDeadLetterSink } from '@apf/connectors';
import { ContainerWriter, parseSchema } from '@apf/core';
import { FileFeed } from '../../src/alerts/file-feed';
import type { OpenFeed } from '../../src/alerts/alert-feed';

const NOW = new Date('2026-11-20');
const ztf = new ContainerWriter(parseSchema(ZTF_ALERT_SCHEMA));
const classes = new ContainerWriter(parseSchema(STAMP_CLASSIFIER_SCHEMA));

/** What a hostile alert may say: markup, the escape of a terminal, letters that turn the direction of writing. */
export const HOSTILE =
  '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u001b[31m\u202e';

/** A folder with a night of the synthetic sky, and with dead letters. */
export interface Night {
  readonly folder: string;
  readonly alerts: OpenFeed;
  readonly letters: string;
  /** Of ZTF with its images, the latest; a supernova among them, with a history. */
  readonly latest: ZtfAlert;
  readonly supernova: ZtfAlert;
  readonly variable: ZtfAlert;
  /** Ids of an alert of LSST, beyond what JavaScript's numbers can tell apart. */
  readonly lsst: { readonly objectId: string; readonly sourceId: bigint };
}

export async function makeNight(): Promise<Night> {
  const folder = await mkdtemp(join(tmpdir(), 'apf-dashboard-night-'));
  const map = [...wholeSky()];
  const detailed = [...syntheticZtf({ seed: 8, objects: 60, now: NOW })];
  const start = startOfLastNights('lsst', NOW, 1);
  const rubin = syntheticSky({ survey: 'lsst', seed: 9, objects: 25, start, nights: 1 });
  const lsst = [...rubin.alerts()].slice(0, 30);
  const lsstWriter = new ContainerWriter(parseSchema(rubin.schema));
  const files = join(folder, 'alerts');
  await mkdir(files);
  const put = (name: string, bytes: Buffer): Promise<void> => writeFile(join(files, name), bytes);
  await put(
    '1-classes.avro',
    classes.write([...map, ...detailed].map(({ classification }) => classification)),
  );
  await put('2-lsst.avro', lsstWriter.write(lsst.map(({ alert }) => alert)));
  await put('3-map.avro', ztf.write(map.map(({ alert }) => alert)));
  await put('4-ztf.avro', ztf.write(detailed.map(({ alert }) => alert)));
  const { sourceId, objectId } = lsst.at(-1)!;
  return {
    folder,
    alerts: feedOf([files]),
    letters: await makeLetters(join(folder, 'dead')),
    latest: detailed.at(-1)!.alert,
    supernova: longest(detailed, 'SN'),
    variable: longest(detailed, 'VS'),
    lsst: { objectId, sourceId },
  };
}

/** Alerts from all over the sky that Palomar sees, without images. */
function* wholeSky(): Generator<Pick<ClassifiedAlert, 'alert' | 'classification'>> {
  const start = startOfLastNights('ztf', NOW, 1);
  const few = { version: '3.3', seed: 7, objects: 260, objectsPerField: 4, cutouts: false };
  for (const { truth, alert } of syntheticSky({ survey: 'ztf', start, nights: 1, ...few }).alerts()) {
    const { kind } = truth;
    const name = kind.startsWith('SN') ? 'SN' : (STAMP_CLASSES.find((one) => one === kind) ?? 'VS');
    const all = STAMP_CLASSES.map((one) => [one, one === name ? 0.8 : 0.05] as const);
    const probabilities = Object.fromEntries(all) as ClassifiedAlert['classification']['probabilities'];
    yield { alert, classification: { objectId: alert.objectId, candid: alert.candid, probabilities } };
  }
}

/** A file with one alert that means harm wherever it can. */
export async function hostileFeed(folder: string): Promise<{ alerts: OpenFeed; candid: bigint }> {
  const [first] = [...syntheticZtf({ seed: 8, objects: 3, now: NOW })];
  const { alert } = first!;
  const hostile = {
    ...alert,
    objectId: HOSTILE,
    candidate: { ...alert.candidate, pdiffimfilename: HOSTILE },
  };
  const path = join(folder, 'hostile.avro');
  await writeFile(path, ztf.write([hostile]));
  return { alerts: feedOf([path]), candid: alert.candid };
}

function feedOf(paths: readonly string[]): OpenFeed {
  return (store, listener) => new FileFeed({ paths, name: 'synthetic night' }, store, listener);
}

function longest(alerts: readonly ClassifiedAlert[], kind: ClassifiedAlert['kind']): ZtfAlert {
  const points = ({ prv_candidates }: ZtfAlert): number =>
    prv_candidates?.filter(({ magpsf }) => magpsf !== null).length ?? 0;
  return alerts
    .filter((one) => one.kind === kind)
    .map(({ alert }) => alert)
    .reduce((a, b) => (points(b) > points(a) ? b : a));
}

async function makeLetters(path: string): Promise<string> {
  const sink = new FolderDeadLetterSink({ path });
  await sink.open();
  const [whole] = [...syntheticZtf({ seed: 10, objects: 3, now: NOW, cutouts: false })];
  const bytes = ztf.write([whole!.alert]);
  const message = (offset: number, value: Buffer): object => ({
    topic: 'ztf_20261119_programid1',
    partition: offset % 4,
    offset,
    key: null,
    headers: [],
    timestamp: NOW.getTime() + 1000 * offset,
    value,
  });
  const letter = (offset: number, value: Buffer, code: string, error: string, stage: string): object => ({
    value: {
      message: message(offset, value),
      error: new Error(error),
      code,
      stage,
      step: 'sn-finder',
      when: NOW.getTime() + 1000 * offset + 80,
    },
  });
  await sink.write([
    letter(
      4120,
      bytes.subarray(0, 3000),
      'APF_DECODE',
      'the container ends in the middle of a block',
      'decode',
    ),
    letter(
      4977,
      bytes.subarray(0, 900),
      'APF_DECODE',
      'the container ends in the middle of its schema',
      'decode',
    ),
    letter(5310, bytes, 'APF_EXECUTE', `no cross-match for ${HOSTILE}`, 'execute'),
  ] as never);
  await sink.flush();
  await sink.close();
  return path;
}
