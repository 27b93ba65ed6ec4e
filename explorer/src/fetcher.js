import { createGraphiQLFetcher } from '@graphiql/toolkit';

const endpoint = new URL('/graphql', location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace('http', 'ws');

const SESSION_BEGUN = 'ashiato:session-begun';

// A signIn that comes with a token ends that session: the tabs go on with the one that an answer began.
async function fetchAndTell(input, init) {
  const response = await fetch(input, init);
  const answer = await response.clone().json().catch(() => null);
  const begun = Object.values(answer?.data ?? {}).find((field) => typeof field?.token === 'string');
  if (begun) window.dispatchEvent(new CustomEvent(SESSION_BEGUN, { detail: begun.token }));
  return response;
}

/** Calls `take` with the token of each session that an answer begins. Gives what ends that. */
export function onSessionBegun(take) {
  const hear = ({ detail }) => take(detail);
  window.addEventListener(SESSION_BEGUN, hear);
  return () => window.removeEventListener(SESSION_BEGUN, hear);
}

// Every subscription opens a socket of its own, whose connection_init carries the headers editor's content:
// so a changed token counts from the next subscription on.
export const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  fetch: fetchAndTell,
  enableIncrementalDelivery: false,
});

export async function request(query, variables, authorization) {
  const headers = authorization ? { Authorization: authorization } : {};
  const { data, errors } = await fetcher({ query, variables }, { headers });
  if (errors) throw new Error(errors[0].message);
  return data;
}
