import { type SurveyName, surveyOfSchema } from '@apf/alerts';
import type { DetectedStream } from '@apf/core';

/** Says what was found out about a topic. */
export function sayDetected({ topic, framing, schema, id }: DetectedStream): void {
  const survey: SurveyName | undefined = schema && surveyOfSchema(schema);
  const parts = [
    `framing ${framing}${id === undefined ? '' : ` (schema ${framing === 'confluent' ? 'id ' : ''}${id})`}`,
    schema?.name && `schema ${schema.name}`,
    survey && `survey ${survey}`,
  ];
  console.error(`apf: ${topic}: ${parts.filter(Boolean).join(', ')}`);
}
