import fc from 'fast-check';

/** CI tries the same generated inputs each time, so that a run tells of the change and not of luck; other runs explore. */
if (process.env['CI']) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 39 });
