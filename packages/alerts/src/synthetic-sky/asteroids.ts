import { unitVector, type Vector } from '../sky/sky-position.js';
import type { Random } from './random.js';
import { degrees, normalise, OBLIQUITY, radians, sunPosition } from './site.js';

/** Gauss's constant: mean motion at 1 au [rad/d]. */
const GAUSS = 0.01720209895;
/** An asteroid is followed through a field for so many nights. */
export const CROSSING = 12;
/** Slope parameter of the phase function (Bowell et al. 1989, Asteroids II). */
export const SLOPE = 0.15;

/** An asteroid on a circular orbit, while it crosses a field. */
export interface Asteroid {
  readonly number: number;
  /** The provisional designation, as `2015 AB12` and packed as `K15A12B`. */
  readonly designation: string;
  readonly packed: string;
  /** Radius of the orbit [au] and its inclination [deg]. */
  readonly radius: number;
  readonly inclination: number;
  /** Whether it goes north or south across the ecliptic plane's parallels. */
  readonly northwards: boolean;
  /** Absolute magnitude in V [mag]. */
  readonly absolute: number;
  /** Place at the middle of the crossing [deg], and its Julian date. */
  readonly ra: number;
  readonly dec: number;
  readonly jd: number;
  /** Motion on the sky [deg/d]; eastwards includes the cosine of the declination. */
  readonly eastwards: number;
  readonly upwards: number;
  /** Mean magnitude in r, range [mag] and period [d] of its rotation's light curve, phase at Julian date 0. */
  readonly magnitude: number;
  readonly range: number;
  readonly period: number;
  readonly phase: number;
}

/** Where an asteroid and the Earth are: equatorial axes, au and au/d. */
export interface Geometry {
  readonly position: Vector;
  readonly velocity: Vector;
  readonly topocentric: Vector;
  readonly topocentricVelocity: Vector;
  /** Distance from the Earth [au]. */
  readonly range: number;
  /** Angles at the asteroid (Sun, Earth) and at the Earth (Sun, asteroid) [deg]. */
  readonly phaseAngle: number;
  readonly elongation: number;
}

/** Draws an asteroid that is at a place at the middle of its crossing, as bright as one of `magnitude` in r. */
export function drawAsteroid(
  place: { ra: number; dec: number },
  jd: number,
  magnitude: number,
  random: Random,
): Asteroid {
  const radius = random.between(2.1, 3.3);
  const inclination = Math.abs(random.normal(0, 8));
  const northwards = random.uniform() < 0.5;
  const orbit = { radius, inclination, northwards };
  const geometry = geometryOf(orbit, place, jd);
  const { east, north } = axes(place);
  const { range, topocentricVelocity: motion } = geometry;
  return {
    ...orbit,
    ...place,
    jd,
    ...designate(random),
    number: random.integer(1000, 600_000),
    absolute: magnitude + 0.2 - brightening(radius, range, geometry.phaseAngle),
    eastwards: degrees(dot(motion, east) / range),
    upwards: degrees(dot(motion, north) / range),
    magnitude,
    range: random.between(0.05, 0.4),
    period: random.between(0.15, 0.6),
    phase: random.uniform(),
  };
}

/** Where it is seen at a time: it moves along a straight line while it crosses a field [deg]. */
export function placeAt(asteroid: Asteroid, jd: number): { ra: number; dec: number } {
  const days = jd - asteroid.jd;
  const dec = asteroid.dec + asteroid.upwards * days;
  return { ra: normalise(asteroid.ra + (asteroid.eastwards * days) / Math.cos(radians(dec))), dec };
}

/** Its magnitude in r as it turns: two maxima in a period. */
export function magnitudeAt({ magnitude, range, period, phase }: Asteroid, jd: number): number {
  return magnitude + 0.5 * range * Math.cos(4 * Math.PI * ((jd / period + phase) % 1));
}

/** Magnitude minus absolute magnitude, by distances [au] and phase angle [deg] (Bowell's H and G). */
export function brightening(heliocentric: number, range: number, phaseAngle: number): number {
  const tangent = Math.tan(radians(phaseAngle) / 2);
  const [broad, narrow] = [Math.exp(-3.33 * tangent ** 0.63), Math.exp(-1.87 * tangent ** 1.22)];
  return 5 * Math.log10(heliocentric * range) - 2.5 * Math.log10((1 - SLOPE) * broad + SLOPE * narrow);
}

/** The triangle of Sun, Earth and asteroid for a place on the sky [deg]. The Earth's orbit is a circle too. */
export function geometryOf(
  { radius, inclination, northwards }: Pick<Asteroid, 'radius' | 'inclination' | 'northwards'>,
  place: { ra: number; dec: number },
  jd: number,
): Geometry {
  const { earth, earthVelocity } = earthAt(jd);
  const sight = axes(place).towards;
  const along = dot(earth, sight);
  const range = -along + Math.sqrt(along * along - 1 + radius * radius);
  const topocentric = scaled(sight, range);
  const position = sum(earth, topocentric);
  const normal = orbitNormal(scaled(position, 1 / radius), inclination, northwards);
  const velocity = scaled(cross(normal, scaled(position, 1 / radius)), GAUSS / Math.sqrt(radius));
  return {
    position,
    velocity,
    topocentric,
    topocentricVelocity: sum(velocity, scaled(earthVelocity, -1)),
    range,
    phaseAngle: degrees(Math.acos(dot(position, topocentric) / (radius * range))),
    elongation: degrees(Math.acos(-along)),
  };
}

/** North pole of the ecliptic, in equatorial axes. */
const ECLIPTIC_POLE: Vector = [0, -Math.sin(radians(OBLIQUITY)), Math.cos(radians(OBLIQUITY))];

/** The pole of the orbit through a direction, inclined as wanted or as little more as the direction's latitude needs. */
export function orbitNormal(direction: Vector, inclination: number, northwards: boolean): Vector {
  const sine = dot(direction, ECLIPTIC_POLE);
  const cosine = Math.sqrt(1 - sine * sine);
  const up = scaled(sum(ECLIPTIC_POLE, scaled(direction, -sine)), 1 / cosine);
  const part = Math.min(1, Math.cos(radians(inclination)) / cosine);
  const side = Math.sqrt(1 - part * part) * (northwards ? -1 : 1);
  return sum(scaled(up, part), scaled(cross(direction, up), side));
}

function earthAt(jd: number): { earth: Vector; earthVelocity: Vector } {
  const longitude = radians(sunPosition(jd).longitude + 180);
  const [cosine, sine] = [Math.cos(longitude), Math.sin(longitude)];
  return {
    earth: fromEcliptic(cosine, sine, 0),
    earthVelocity: scaled(fromEcliptic(-sine, cosine, 0), GAUSS),
  };
}

function fromEcliptic(x: number, y: number, z: number): Vector {
  const [cosine, sine] = [Math.cos(radians(OBLIQUITY)), Math.sin(radians(OBLIQUITY))];
  return [x, y * cosine - z * sine, y * sine + z * cosine];
}

/** A vector in the axes of the ecliptic. */
export function inEclipticAxes([x, y, z]: Vector): Vector {
  const [cosine, sine] = [Math.cos(radians(OBLIQUITY)), Math.sin(radians(OBLIQUITY))];
  return [x, y * cosine + z * sine, -y * sine + z * cosine];
}

function axes({ ra, dec }: { ra: number; dec: number }): { towards: Vector; east: Vector; north: Vector } {
  const [alpha, delta] = [radians(ra), radians(dec)];
  return {
    towards: unitVector(ra, dec),
    east: [-Math.sin(alpha), Math.cos(alpha), 0],
    north: [-Math.sin(delta) * Math.cos(alpha), -Math.sin(delta) * Math.sin(alpha), Math.cos(delta)],
  };
}

const LETTERS = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';

/** A provisional designation: the year, half a month, a letter and a count (https://minorplanetcenter.net). */
function designate(random: Random): { designation: string; packed: string } {
  const year = random.integer(1995, 2024);
  const half = LETTERS[random.integer(0, 23)]!;
  const letter = LETTERS[random.integer(0, 24)]!;
  const count = random.integer(1, 99);
  const century = String.fromCharCode(55 + Math.floor(year / 100));
  const digits = [year % 100, count].map((number) => String(number).padStart(2, '0'));
  return {
    designation: `${year} ${half}${letter}${count}`,
    packed: `${century}${digits[0]}${half}${digits[1]}${letter}`,
  };
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function sum(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scaled([x, y, z]: Vector, by: number): Vector {
  return [x * by, y * by, z * by];
}
