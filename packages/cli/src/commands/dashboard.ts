import { isLoopback, startDashboard } from '@apf/dashboard';
import { printable, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { secretFromFile } from '../connection/read-secret.js';
import { withDashboard } from '../dashboard/dashboard-options.js';
import { interrupted } from '../dashboard/interrupted.js';
import { openBrowser } from '../dashboard/open-browser.js';
import { shownLetters } from '../dashboard/shown-letters.js';
import { shownSource } from '../dashboard/shown-source.js';
import { cliVersion } from '../new-step/origin.js';

const SHORTEST_TOKEN = 16;

/** `apf dashboard`: a page for a stream, its alerts, its dead letters and its sky. */
export const command = defineCommand(
  (yargs) =>
    withDashboard(yargs)
      .example('apf dashboard --servers localhost:9092', 'a broker: topics, groups, lag, alerts')
      .example('apf dashboard --profile fink-ztf --topics ^fink_', 'one that you have logged in to')
      .example(
        'apf dashboard --servers localhost:9092 --dead-letters . --allow-replay',
        'with the step in this folder',
      )
      .example('apf dashboard --in alerts/', 'files')
      .epilogue('The page reads for itself: it joins no group and commits nothing.'),
  async (options) => {
    const { host, port, open, tokenFile } = options;
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port must be a whole number up to 65535');
    if (host.trim() === '')
      throw new UsageError('--host is empty: name an address to listen at, such as 127.0.0.1');
    const token = tokenFile === undefined ? undefined : await secretFromFile(tokenFile, 'token');
    if (token !== undefined && token.length < SHORTEST_TOKEN)
      throw new UsageError(`the token in '${tokenFile}' is too short: ${SHORTEST_TOKEN} characters or more`);
    const { shown, broker } = await shownSource(options);
    const letters = await shownLetters(options, broker);
    // A wrong password or address is said here and not on the page.
    await shown.stream?.look();
    const said = new Set<string>();
    const dashboard = await startDashboard({
      ...shown,
      letters,
      host,
      port,
      token,
      version: cliVersion,
      onError: ({ message }) => {
        if (!said.has(message)) console.error(`apf: ${printable(message, 500)}`);
        said.add(message);
      },
    });
    const end = interrupted();
    console.log(
      `The dashboard is at ${tokenFile === undefined ? dashboard.url : new URL('/', dashboard.url).href}`,
    );
    if (dashboard.token !== undefined && tokenFile === undefined)
      console.error(
        'apf: whoever has this address sees the page: its token is new with each start, or stands in --token-file',
      );
    if (!isLoopback(host))
      console.error(
        'apf: it is not encrypted: put a proxy with TLS before it on networks that you do not trust',
      );
    // The command line of a browser can be read by others on this machine: no token goes there.
    if (open && dashboard.token === undefined) openBrowser(dashboard.url);
    await end;
    await dashboard.close();
  },
);
