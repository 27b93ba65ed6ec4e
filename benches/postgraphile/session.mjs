// Who asks: the bearer's SHA-256 names a session.

import { hash } from 'node:crypto'
import { SafeError } from 'postgraphile/grafast'
import { pool } from './database.mjs'

/** The id of whoever comes with this header, or null where nobody is signed in. */
export async function viewerOf (authorization) {
  if (authorization === undefined) return null
  if (authorization.startsWith('Bearer ')) {
    const { rows } = await pool.query({
      name: 'session',
      text: 'SELECT user_id FROM session_tokens WHERE token_hash = $1 AND expires_at > now()',
      values: [hash('sha256', authorization.slice('Bearer '.length), 'buffer')]
    })
    if (rows.length === 1) return rows[0].user_id
  }
  throw new SafeError('Sign in again.')
}
