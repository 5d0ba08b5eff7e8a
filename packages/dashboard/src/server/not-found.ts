import { ApfError } from '@apf/core';

/** What is asked for is not there (any more). */
export class NotFound extends ApfError {
  constructor(message: string) {
    super(message, 'APF_USAGE');
  }
}
