import { ApfError } from '@apf/core';

/** Not allowed here, whoever asks. */
export class Forbidden extends ApfError {
  constructor(message: string) {
    super(message, 'APF_AUTHORIZATION');
  }
}
