// Who asks: the bearer's SHA-256 names a session.

import { hash } from 'node:crypto'
import mercurius from 'mercurius'
import { statement } from './database.mjs'

const sessionOf = statement(
  'session',
  'SELECT user_id AS id FROM session_tokens WHERE token_hash = $1 AND expires_at > now()'
)

/** Whoever comes with this header: `{ id }`, or null where nobody is signed in. */
export async function viewerOf (authorization) {
  if (authorization === undefined) return null
  if (authorization.startsWith('Bearer ')) {
    const token = hash('sha256', authorization.slice('Bearer '.length), 'buffer')
    const [viewer] = await sessionOf([token])
    if (viewer) return viewer
  }
  throw new mercurius.ErrorWithProps('Sign in again.', { code: 'UNAUTHENTICATED' }, 401)
}

/** The viewer of the request, who must be signed in. */
export function member ({ viewer }) {
  if (viewer) return viewer.id
  throw new mercurius.ErrorWithProps('Sign in first.', { code: 'UNAUTHENTICATED' })
}
