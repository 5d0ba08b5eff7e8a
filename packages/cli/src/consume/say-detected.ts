import { type SurveyName, surveyOfSchema } from '@apf/alerts';
import type { DetectedStream } from '@apf/core';

/** What was found out about a topic, in words. */
export function detectedText({ topic, framing, schema, id }: DetectedStream): string {
  const survey: SurveyName | undefined = schema && surveyOfSchema(schema);
  const parts = [
    `framing ${framing}${id === undefined ? '' : ` (schema ${framing === 'confluent' ? 'id ' : ''}${id})`}`,
    schema?.name && `schema ${schema.name}`,
    survey && `survey ${survey}`,
  ];
  return `${topic}: ${parts.filter(Boolean).join(', ')}`;
}

/** Says what was found out about a topic. */
export function sayDetected(detected: DetectedStream): void {
  console.error(`apf: ${detectedText(detected)}`);
}
