import assert from 'node:assert/strict';

export const PASSWORD = 'footprints-2006';

export async function graphql(query, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const endpoint = new URL('/graphql', process.env.ASHIATO_URL);
  const body = JSON.stringify({ query });
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

export async function signIn(username) {
  const { signIn } = await graphql(
    `mutation { signIn(input: { username: "${username}", password: "${PASSWORD}" }) { token } }`,
  );
  return signIn.token;
}
