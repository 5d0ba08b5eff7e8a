import { checkStepOptions, type StepOptions } from '../src/new-step/step-options';

describe('the options of apf new-step', () => {
  const options: StepOptions = { name: 'a', batch: false, source: 'kafka', producer: 'none' };

  it.each([
    ['db', '--db'],
    ['source', '--source'],
    ['topicStrategy', '--topic-strategy'],
  ])('refuse %s given twice', (name, option) => {
    expect(() => checkStepOptions(options)).not.toThrow();
    expect(() => checkStepOptions({ ...options, [name]: ['sqlite', 'postgres'] })).toThrow(
      `${option} is given twice`,
    );
  });
});
