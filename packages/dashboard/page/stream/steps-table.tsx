import type { JSX } from 'preact';
import type { StepState, StreamHistory } from '../../src/page-api.js';
import { Table } from '../frame/table.js';
import { countText, rateText } from '../text/numbers.js';
import { durationText } from '../text/times.js';
import { visibleText } from '../text/visible-text.js';
import { Sparkline } from './sparkline.js';

const HEADS = [
  { title: 'Step' },
  { title: 'State' },
  { title: 'Executed', number: true },
  { title: 'Lag', number: true },
  { title: 'Until executed, median', span: 2 },
  { title: '95 %', number: true },
  { title: '99 %', number: true },
  { title: 'Retries', number: true },
  { title: 'Dead letters', number: true },
];

/** The steps by their own metrics: how fast each is, and how old its alerts are when they are executed. */
export function StepsTable({
  steps,
  history,
}: {
  steps: readonly StepState[];
  history: StreamHistory | null;
}): JSX.Element {
  return (
    <Table caption="Steps" heads={HEADS}>
      {steps.map((step) => (
        <tr key={`${step.name} ${step.where}`} class={step.up ? undefined : 'stalled'}>
          <th scope="row">
            {step.name} <span class="quiet">{step.where}</span>
          </th>
          <td>
            {step.up ? (
              <span class="tag good">running</span>
            ) : (
              <span class="tag bad" title={visibleText(step.error ?? '')}>
                does not answer
              </span>
            )}
          </td>
          <td class="number">{rateText(step.rate)}</td>
          <td class="number">{countText(step.lag)}</td>
          <td class="number strong">{durationText(step.latency?.p50)}</td>
          <td>
            <Sparkline values={history?.stepLatency[step.name]} of="Median latency" text={durationText} />
          </td>
          <td class="number">{durationText(step.latency?.p95)}</td>
          <td class="number">{durationText(step.latency?.p99)}</td>
          <td class="number">{countText(step.retries)}</td>
          <td class={`number ${step.deadLetters ? 'warn' : ''}`}>{countText(step.deadLetters)}</td>
        </tr>
      ))}
    </Table>
  );
}
