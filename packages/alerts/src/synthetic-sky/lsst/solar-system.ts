import type { Lsst7SsObject, LsstMpcOrbits, LsstSsSource } from '../../lsst-alert.js';
import { MPC_ORBITS, SS_SOURCE } from '../../lsst-fields.js';
import { SS_OBJECT_7 } from '../../lsst-fields-7.js';
import { fieldRows } from '../../record-table.js';
import { toEcliptic } from '../../sky/ecliptic.js';
import { toGalactic } from '../../sky/galactic.js';
import type { Vector } from '../../sky/sky-position.js';
import {
  brightening,
  dot,
  geometryOf,
  orbitNormal,
  SLOPE,
  inEclipticAxes,
  type Asteroid,
} from '../asteroids.js';
import type { Detection } from '../photometry.js';
import { mix, Random } from '../random.js';
import { recordMaker } from '../record-maker.js';
import { degrees, normalise, radians } from '../site.js';
import { mjdTai } from '../time-scales.js';
import { ssObjectId } from './names.js';

const makeSource = recordMaker<LsstSsSource>(fieldRows(SS_SOURCE));
const makeOrbit = recordMaker<LsstMpcOrbits>(fieldRows(MPC_ORBITS));
const makeObject = recordMaker<Lsst7SsObject>(fieldRows(SS_OBJECT_7));
const EPHEMERIS = 54;
const KM_S_PER_AU_D = 149_597_870.7 / 86_400;
const DAYS_PER_YEAR = 365.256_363;

/** What an asteroid's orbit says of the time of its detection, schema version 10.0. */
export function ssSourceOf(
  { object, measurements }: Detection,
  asteroid: Asteroid,
  source: { diaSourceId: bigint; ra: number; dec: number },
): LsstSsSource {
  const { jd } = measurements[measurements.length - 1]!.exposure;
  const random = new Random(mix(object.seed, EPHEMERIS), 0);
  const geometry = geometryOf(asteroid, object, jd);
  const { position, topocentric, range } = geometry;
  const [velocity, relative] = [geometry.velocity, geometry.topocentricVelocity].map(kilometresPerSecond);
  // The prediction is wrong by some tenths of an arcsecond.
  const [east, north] = [random.normal(0, 0.1), random.normal(0, 0.1)];
  const ephDec = object.dec + north / 3600;
  const ephRa = normalise(object.ra + east / 3600 / Math.cos(radians(object.dec)));
  const offsetEast = (normalise(source.ra - ephRa + 180) - 180) * Math.cos(radians(object.dec)) * 3600;
  const offsetNorth = (source.dec - ephDec) * 3600;
  const rate = Math.hypot(asteroid.eastwards, asteroid.upwards);
  const [ahead, aside] = [asteroid.eastwards / rate, asteroid.upwards / rate];
  const { lambda, beta } = toEcliptic(object);
  const { l, b } = toGalactic(object);
  return makeSource(
    {
      diaSourceId: source.diaSourceId,
      ssObjectId: ssObjectId(asteroid.packed),
      designation: asteroid.designation,
      eclLambda: lambda,
      eclBeta: beta,
      galLon: l,
      galLat: b,
      elongation: geometry.elongation,
      phaseAngle: geometry.phaseAngle,
      topoRange: range,
      topoRangeRate: dot(relative!, topocentric) / range,
      helioRange: asteroid.radius,
      helioRangeRate: 0,
      ephRa,
      ephDec,
      ephVmag: asteroid.absolute + brightening(asteroid.radius, range, geometry.phaseAngle),
      ephRate: rate,
      ephRateRa: asteroid.eastwards,
      ephRateDec: asteroid.upwards,
      ephOffset: Math.hypot(offsetEast, offsetNorth),
      ephOffsetRa: offsetEast,
      ephOffsetDec: offsetNorth,
      ephOffsetAlongTrack: offsetEast * ahead + offsetNorth * aside,
      ephOffsetCrossTrack: offsetNorth * ahead - offsetEast * aside,
    },
    {
      helio_x: position[0],
      helio_y: position[1],
      helio_z: position[2],
      helio_vx: velocity![0],
      helio_vy: velocity![1],
      helio_vz: velocity![2],
      helio_vtot: Math.sqrt(dot(velocity!, velocity!)),
      topo_x: topocentric[0],
      topo_y: topocentric[1],
      topo_z: topocentric[2],
      topo_vx: relative![0],
      topo_vy: relative![1],
      topo_vz: relative![2],
      topo_vtot: Math.sqrt(dot(relative!, relative!)),
      diaDistanceRank: 1,
    },
  );
}

/** Its orbit, a circle: the argument of perihelion is 0, so that the mean anomaly counts from the node. */
export function mpcOrbitOf(asteroid: Asteroid): LsstMpcOrbits {
  const { radius, designation, packed, absolute, jd, number } = asteroid;
  const { position } = geometryOf(asteroid, asteroid, jd);
  const direction = position.map((part) => part / radius) as unknown as Vector;
  const normal = inEclipticAxes(orbitNormal(direction, asteroid.inclination, asteroid.northwards));
  const node = Math.atan2(normal[0], -normal[1]);
  const [x, y, z] = inEclipticAxes(direction);
  const inclination = Math.acos(normal[2]);
  const along = x * Math.cos(node) + y * Math.sin(node);
  const across =
    (y * Math.cos(node) - x * Math.sin(node)) * Math.cos(inclination) + z * Math.sin(inclination);
  const period = DAYS_PER_YEAR * radius ** 1.5;
  return makeOrbit({
    id: number,
    designation,
    packed_primary_provisional_designation: packed,
    unpacked_primary_provisional_designation: designation,
    orbit_type_int: 10,
    u_param: 0,
    a: radius,
    q: radius,
    e: 0,
    i: degrees(inclination),
    node: normalise(degrees(node)),
    argperi: 0,
    mean_anomaly: normalise(degrees(Math.atan2(across, along))),
    period,
    mean_motion: 360 / period,
    epoch_mjd: mjdTai(jd),
    h: absolute,
    g: SLOPE,
    earth_moid: radius - 1,
  });
}

/** The asteroid as schema version 7.4 has it. */
export function ssObject7Of({ packed, absolute }: Asteroid): Lsst7SsObject {
  return makeObject({ ssObjectId: ssObjectId(packed), numObs: 1, arc: 0, r_H: absolute - 0.2, r_G12: SLOPE });
}

function kilometresPerSecond([x, y, z]: Vector): Vector {
  return [x * KM_S_PER_AU_D, y * KM_S_PER_AU_D, z * KM_S_PER_AU_D];
}
