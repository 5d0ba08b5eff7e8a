import {
  ApfError,
  ERROR_CODES,
  FatalError,
  PoisonError,
  RetryableError,
  UsageError,
  toError,
} from '@apf/core';

describe('errors', () => {
  it('carry a code of the table and their cause', () => {
    const cause = new Error('why');
    for (const error of [
      new PoisonError('p', { cause }),
      new FatalError('f', { cause }),
      new RetryableError('r', 3, { cause }),
      new UsageError('u', { cause }),
    ]) {
      expect(error).toBeInstanceOf(ApfError);
      expect(Object.keys(ERROR_CODES)).toContain(error.code);
      expect(error.cause).toBe(cause);
    }
  });

  it('make an Error of whatever was thrown', () => {
    expect(toError('text').message).toBe('text');
  });
});
