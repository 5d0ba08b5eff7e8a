/** A right ascension [deg] in hours, minutes and seconds to 0.01 s: `10:00:31.20`. */
export function hoursText(ra: number): string {
  return sexagesimal((((ra % 360) + 360) % 360) / 15, 2, 24);
}

/** A declination [deg] in degrees, minutes and seconds to 0.1″: `−05:30:00.0`. */
export function degreesText(dec: number): string {
  return `${dec < 0 ? '−' : '+'}${sexagesimal(Math.abs(dec), 1)}`;
}

/** Rounded as a whole, so that no 60 seconds appear; hours begin again after 24. */
function sexagesimal(value: number, digits: number, turn = Infinity): string {
  const unit = 10 ** digits;
  const all = Math.round(value * 3600 * unit);
  const whole = turn === Infinity ? all : all % (turn * 3600 * unit);
  const [hours, minutes] = [Math.floor(whole / (3600 * unit)), Math.floor(whole / (60 * unit)) % 60];
  const seconds = ((whole % (60 * unit)) / unit).toFixed(digits).padStart(digits + 3, '0');
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:${seconds}`;
}

/** Degrees to 0.036″: `150.12345° −2.30000°`. */
export function decimalPosition(ra: number, dec: number): string {
  return `${ra.toFixed(5)}° ${dec < 0 ? '−' : '+'}${Math.abs(dec).toFixed(5)}°`;
}
