import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** Which topic is shown: '' for all. There is nothing to choose where there is only one. */
export function TopicChoice({
  topics,
  topic,
  choose,
}: {
  topics: readonly string[];
  topic: string | undefined;
  choose: (topic: string) => void;
}): JSX.Element | null {
  const id = useId();
  if (topics.length <= 1) return null;
  return (
    <div class="field">
      <label for={id}>Topic</label>
      <select id={id} value={topic ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">all</option>
        {topics.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
