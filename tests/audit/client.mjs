// Talks to the server at argv[2] by the reference client of graphql-transport-ws.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2].replace(/^http/, 'ws');
const open = (options = {}) =>
  createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });

async function all(client, payload) {
  const results = [];
  for await (const result of client.iterate(payload)) results.push(result);
  return results;
}

const client = open({ keepAlive: 50 });
let pongs = 0;
client.on('pong', () => (pongs += 1));

assert.deepEqual(await all(client, { query: '{ number(value: 1) }' }), [{ data: { number: 1 } }]);
assert.deepEqual(await all(client, { query: 'mutation { bump }' }), [{ data: { bump: 1 } }]);
assert.deepEqual(
  await all(client, {
    query: 'subscription Count($to: Int!) { count(to: $to) }',
    variables: { to: 3 },
  }),
  [0, 1, 2].map((count) => ({ data: { count } })),
);

// An error before execution rejects; the client goes on.
await assert.rejects(all(client, { query: '{ nothing }' }), (errors) => {
  assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  return true;
});

// Leaving a stream completes it.
for await (const { data } of client.iterate({ query: 'subscription { waits }' })) {
  assert.deepEqual(data, { waits: 0 });
  break;
}

// Twenty at once, interleaved.
const counts = Array.from({ length: 20 }, (_, n) =>
  all(client, { query: `subscription { count(to: ${n}) }` }),
);
(await Promise.all(counts)).forEach((results, n) => assert.equal(results.length, n));

// Its pings are answered, while an operation keeps the socket open.
const waiting = client.iterate({ query: 'subscription { waits }' });
await waiting.next();
if (!pongs) await new Promise((resolve) => client.on('pong', resolve));
await waiting.return();
await client.dispose();

// A bad token is a fatal close.
const stranger = open({ connectionParams: { Authorization: 'Bearer nonsense' } });
await assert.rejects(all(stranger, { query: '{ echo }' }), (event) => {
  assert.equal(event.code, 4403);
  return true;
});

console.log('graphql-ws is content');
process.exit(0);
