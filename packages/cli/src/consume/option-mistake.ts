import { UsageError } from '@apf/core';

/** A run knows fatal errors only: the mistake in the options that is behind one. */
export const optionMistake = (error: Error): Error =>
  error.cause instanceof UsageError ? error.cause : error;
