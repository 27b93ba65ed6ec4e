import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

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

/** Somebody new with a second factor: the name, and a recovery code that stands in for it. */
export async function withSecondFactor() {
  const username = `factor_${Date.now() % 1_000_000_000}`;
  const { signUp } = await graphql(
    `mutation { signUp(input: { username: "${username}", nickname: "…", password: "${PASSWORD}",
      birthDate: "1986-04-01" }) { token recoveryCodes } }`,
  );
  const { beginTwoFactor } = await graphql(
    `mutation { beginTwoFactor(input: { password: "${PASSWORD}" }) { secret } }`,
    signUp.token,
  );
  const { confirmTwoFactor } = await graphql(
    `mutation { confirmTwoFactor(input: { code: "${code(beginTwoFactor.secret)}" }) { twoFactorEnabled } }`,
    signUp.token,
  );
  assert(confirmTwoFactor.twoFactorEnabled);
  return { username, recoveryCode: signUp.recoveryCodes[0] };
}

/** What an authenticator app with the secret shows now (RFC 6238). */
function code(secret) {
  const bits = [...secret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 0xf) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}
