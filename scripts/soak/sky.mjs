// Whether the synthetic sky is right, by programs that are not ours: astropy and fastavro in an environment of Python
// made for it. They read every alert and image, find the periods of RR Lyrae stars, and measure fluxes and times again.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticSky, SYNTHETIC_VERSIONS, taiOfUtc } from '../../packages/alerts/dist/index.js';
import { parseSchema, writeContainer } from '../../packages/core/dist/index.js';
import { pythonEnvironment } from '../python-environment.mjs';

const check = fileURLToPath(new URL('sky-check.py', import.meta.url));
const seed = 20260314;
const start = new Date('2026-03-14T12:00:00Z');

export async function soak({ short }) {
  const folder = mkdtempSync(join(tmpdir(), 'apf-sky-'));
  try {
    writeAlerts(folder, short ? 50 : 400);
    writeStars(folder, short ? 70 : 200, short ? 80 : 300);
    writeTimes(folder);
    const answer = run(pythonEnvironment(), [check, folder]);
    return JSON.parse(answer.trim().split('\n').at(-1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A night of each survey in each version, images included. */
function writeAlerts(folder, objects) {
  const expected = {};
  for (const [survey, versions] of Object.entries(SYNTHETIC_VERSIONS)) {
    for (const version of versions) {
      const sky = syntheticSky({ survey, version, seed, objects, start, nights: 1 });
      const found = [...sky.alerts()];
      const file = `${survey}-${version}.avro`;
      writeContainerFile(join(folder, file), sky, found);
      expected[file] = found.map(({ sourceId, truth }) => ({ id: String(sourceId), kind: truth.kind }));
    }
  }
  writeFileSync(join(folder, 'expected.json'), JSON.stringify(expected));
}

/** All alerts of the RR Lyrae stars in a season. */
function writeStars(folder, nights, objects) {
  const periods = {};
  for (const survey of ['ztf', 'lsst']) {
    const sky = syntheticSky({
      survey,
      seed,
      objects,
      start,
      nights: survey === 'ztf' ? nights : 2 * nights,
      cutouts: false,
    });
    const stars = [...sky.alerts()].filter(({ truth }) => truth.kind.startsWith('RR'));
    writeContainerFile(join(folder, `stars-${survey}.avro`), sky, stars);
    periods[survey] = Object.fromEntries(stars.map(({ objectId, truth }) => [objectId, truth.period]));
  }
  writeFileSync(join(folder, 'periods.json'), JSON.stringify(periods));
}

function writeTimes(folder) {
  // None in a day that ended with a leap second: its MJD in UTC has no agreed meaning.
  const days = [41499, 50083.5, 51179, 53734.999, 53736, 56107.9, 57202.9, 57752.99, 57754, 61113.25];
  writeFileSync(join(folder, 'times.json'), JSON.stringify(days.map((utc) => [utc, taiOfUtc(utc)])));
}

function writeContainerFile(file, sky, alerts) {
  writeFileSync(
    file,
    writeContainer(
      parseSchema(sky.schema),
      alerts.map(({ alert }) => alert),
    ),
  );
}

function run(command, args) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
}
