import { defineCommand } from '../command.js';
import { sampleConf } from '../simulate/sample-confs.js';
import { withSimulateOptions } from '../simulate/simulate-options.js';

/** `apf simulate PATH…`: alerts from files or a synthetic sky to a topic, at the pace of a survey. */
export const command = defineCommand(
  (yargs) =>
    withSimulateOptions(yargs)
      .example('apf simulate alerts/ --embedded', 'earliest first, 100 a second, to a broker of its own')
      .example('apf simulate night.tar.gz --servers localhost:9092 --topic night --rate 300', '')
      .example(
        'apf simulate data/ --visits --servers localhost:9092 --topic my-stream',
        "as LSST's alert_stream",
      )
      .example('apf simulate -c fink_alert_simulator.conf', "as Fink's simulator"),
  async (options) => {
    if (options.sampleConf !== undefined) {
      process.stdout.write(sampleConf(options.sampleConf));
      return;
    }
    const { simulate } = await import('../simulate/simulate.js');
    await simulate(options);
  },
);
