import { createGraphiQLFetcher } from '@graphiql/toolkit';

const endpoint = new URL('/graphql', location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace('http', 'ws');

// Every subscription opens a socket of its own, whose connection_init carries the headers editor's content:
// so a changed token counts from the next subscription on.
export const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

export async function request(query, variables, authorization) {
  const headers = authorization ? { Authorization: authorization } : {};
  const { data, errors } = await fetcher({ query, variables }, { headers });
  if (errors) throw new Error(errors[0].message);
  return data;
}
