/** Keys whose values are never shown. Wide on purpose: a misspelt `sasl.pasword` must not show its value either. */
const SECRET =
  /pas+w|passphrase|pwd|secret|token(?!\.endpoint)|credential|jaas|oauthbearer\.(config|extensions)|(private|api)[._-]?key$|key\.pem$|^ssl_key$/i;

export const HIDDEN = '[hidden]';

export const isSecretKey = (key: string): boolean => SECRET.test(key);

/** A copy to print: secrets replaced, also a user name and password in a URL. */
export function hideSecrets(value: unknown, key = ''): unknown {
  if (value === undefined || value === null) return value;
  if (isSecretKey(key)) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hideSecrets(inner, name)]));
  }
  return typeof value === 'string' ? value.replace(/(\w:\/\/)[^/@\s]+@/g, `$1${HIDDEN}@`) : value;
}

/** A value for an error, in one line of bounded length, without secrets. */
export function show(value: unknown): string {
  const text = JSON.stringify(hideSecrets(value)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Settings as they may be shown to anybody. */
export function printableSettings(settings: object): string {
  return JSON.stringify(hideSecrets(settings), null, 2);
}

/** The values of all secrets in settings, so that no log line shows them by another way. */
export function secretsIn(settings: object): string[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return secretsIn(value);
    return isSecretKey(key) && typeof value === 'string' ? [value] : [];
  });
}

/** Paths of secrets that stand in settings.ts itself: their value is in no variable of the environment. */
export function literalSecrets(settings: object, environment: ReadonlySet<string>): string[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return literalSecrets(value, environment).map((path) => `${key}.${path}`);
    }
    return isSecretKey(key) && typeof value === 'string' && value !== '' && !environment.has(value)
      ? [key]
      : [];
  });
}
