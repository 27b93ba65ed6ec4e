// Talks to the server at argv[2] by the reference client of the graphql-sse protocol, with distinct connections.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

const url = process.argv[2];
const open = (options = {}) => createClient({ url, retryAttempts: 0, ...options });

async function all(client, payload) {
  const results = [];
  for await (const result of client.iterate(payload)) results.push(result);
  return results;
}

const client = open();

assert.deepEqual(await all(client, { query: '{ number(value: 1) }' }), [{ data: { number: 1 } }]);
assert.deepEqual(await all(client, { query: 'mutation { bump }' }), [{ data: { bump: 1 } }]);
assert.deepEqual(
  await all(client, {
    query: 'subscription Count($to: Int!) { count(to: $to) }',
    variables: { to: 3 },
  }),
  [0, 1, 2].map((count) => ({ data: { count } })),
);

// What cannot run is a result with errors, and the end; nothing is tried again.
for (const [query, code] of [
  ['{', 'GRAPHQL_PARSE_FAILED'],
  ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { refuses }', 'INVALID_CURSOR'],
]) {
  const [result, ...others] = await all(client, { query });
  assert.equal(result.errors[0].extensions.code, code);
  assert.deepEqual(others, []);
}

// An event that fails is one among others.
const stumbles = await all(client, { query: 'subscription { stumbles }' });
assert.deepEqual(
  stumbles.map(({ data, errors }) => data?.stumbles ?? errors[0].extensions.code),
  [1, 'INTERNAL', 3],
);

// Leaving a stream ends it.
for await (const { data } of client.iterate({ query: 'subscription { waits }' })) {
  assert.deepEqual(data, { waits: 0 });
  break;
}

// Twenty at once.
const counts = Array.from({ length: 20 }, (_, n) =>
  all(client, { query: `subscription { count(to: ${n}) }` }),
);
(await Promise.all(counts)).forEach((results, n) => assert.equal(results.length, n));

// A bad token is an answer of the server's, not of the network's.
const stranger = open({ headers: { Authorization: 'Bearer nonsense' } });
await assert.rejects(all(stranger, { query: '{ echo }' }), (error) => {
  assert.equal(error.response.status, 401);
  return true;
});

console.log('graphql-sse is content');
process.exit(0);
