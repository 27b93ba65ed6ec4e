import { retryExchange } from '@urql/exchange-retry';
import type { Operation } from 'urql';
import { codeOf, retryAfterOf, wasNotAnswered } from './errors';

/** Waiting for longer than this is for people to decide: they are told of the seconds instead. */
const PATIENCE_SECONDS = 3;

/** OUTCOME_UNKNOWN: it was carried out, but the answer could not be read. Asked again with its key, it can. */
const MAY_PASS = ['THROTTLED', 'UNAVAILABLE', 'OUTCOME_UNKNOWN'];

/**
 * A query can always be asked again. A mutation can where it bears an idempotency key: then the
 * service carries it out once, however often it comes, and gives the first answer again.
 */
function canRepeat({ kind, variables }: Operation) {
  if (kind === 'query') return true;
  const input = (variables as { input?: { idempotencyKey?: unknown } }).input;
  return kind === 'mutation' && typeof input?.idempotencyKey === 'string';
}

/** Repeats what was not answered, and what the service puts off for a moment. */
export const repeating = retryExchange({
  initialDelayMs: 500,
  maxDelayMs: 4000,
  maxNumberAttempts: 4,
  retryIf: (error, operation) => {
    if (!canRepeat(operation)) return false;
    if (wasNotAnswered(error)) return navigator.onLine;
    return MAY_PASS.includes(codeOf(error) ?? '') && (retryAfterOf(error) ?? 1) <= PATIENCE_SECONDS;
  },
});
