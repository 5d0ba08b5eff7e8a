import { type AlertContext, Step } from '@apf/core';
import { isMultisurvey, multisurveyChanges } from './multisurvey-changes.js';
import { scribeChanges } from './scribe-changes.js';
import { fieldsIn, readCommand } from './scribe-command.js';

/**
 * APF's scribe: carries out the commands of other steps on the tables of a light-curve database, those of APF's
 * multisurvey pipeline (`{survey, step, payload}`) too, as far as there are tables for them. Give it `DB_CONFIG`, and
 * as input the topics of the commands, which have the object's id for their key: those of one object come in order and are
 * carried out in order, those of a batch in one transaction. What is no command, or fits no table, becomes a dead letter
 * that says why; the rest of its batch is written.
 */
export class ScribeStep extends Step<unknown> {
  execute(message: unknown, { db }: AlertContext): void {
    const fields = fieldsIn(message);
    const changes = isMultisurvey(fields) ? multisurveyChanges(fields) : scribeChanges(readCommand(fields));
    for (const { kind, table, rows } of changes) db[kind](table, rows);
  }
}
