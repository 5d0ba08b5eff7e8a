import { safeName } from '@apf/connectors';
import { UsageError } from '@apf/core';
import type { FastifyInstance } from 'fastify';
import type { LetterDesk } from '../letters/letter-desk.js';
import { type LettersView, type ReplayRequest, ROUTES } from '../page-api.js';
import { download, texts } from './alert-routes.js';
import { Forbidden } from './forbidden.js';
import { NotFound } from './not-found.js';

const NONE: LettersView = { where: null, reasons: [], letters: [], count: 0, allowReplay: false };

/** The routes of dead letters: the list, one of them, its bytes, and sending them again where that is allowed. */
export function letterRoutes(app: FastifyInstance, desk: LetterDesk | undefined): void {
  const named = (query: unknown): { desk: LetterDesk; id: string } => {
    const { id } = texts<{ id?: string }>(query);
    if (id === undefined) throw new UsageError('name a dead letter by id');
    if (!desk) throw new NotFound('no place of dead letters was named');
    return { desk, id };
  };

  app.get(ROUTES.letters, async () => desk?.view() ?? NONE);

  app.get(ROUTES.letter, async (request) => {
    const { desk: open, id } = named(request.query);
    return open.letter(id);
  });

  app.get(ROUTES.letterRaw, async (request, reply) => {
    const { desk: open, id } = named(request.query);
    const bytes = await (await open.find(id)).bytes();
    return download(reply, `${safeName(id)}.bin`, bytes ?? Buffer.alloc(0));
  });

  app.post(ROUTES.replay, async (request) => {
    if (!desk?.allowReplay) throw new Forbidden('this dashboard may only look: run it with --allow-replay');
    const { letters } = (request.body ?? {}) as { readonly letters?: unknown };
    if (!isWanted(letters)) throw new UsageError("'letters' must be a list of ids, or 'all'");
    return desk.replay(letters);
  });
}

const isWanted = (letters: unknown): letters is ReplayRequest['letters'] =>
  letters === 'all' || (Array.isArray(letters) && letters.every((id) => typeof id === 'string'));
