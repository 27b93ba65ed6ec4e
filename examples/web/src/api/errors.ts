import type { CombinedError } from 'urql';

type Coded = { extensions?: Record<string, unknown> };

/** The service's stable name for what went wrong: `extensions.code` of the first error. */
export function codeOf(error: { graphQLErrors?: readonly Coded[] } | undefined) {
  const code = error?.graphQLErrors?.[0]?.extensions?.code;
  return typeof code === 'string' ? code : undefined;
}

/** After how many seconds the service would take it: of THROTTLED, and of its like. */
export function retryAfterOf(error: { graphQLErrors?: readonly Coded[] } | undefined) {
  const seconds = error?.graphQLErrors?.[0]?.extensions?.retryAfter;
  return typeof seconds === 'number' ? seconds : undefined;
}

/** A request that was not answered: the network is away, or the service, or something between. */
export const wasNotAnswered = (error: CombinedError) => error.networkError !== undefined;
