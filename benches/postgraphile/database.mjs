// The pool, and the functions that stand in the database.

import { readFile } from 'node:fs/promises'
import pg from 'pg'

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 16,
  idleTimeoutMillis: 0,
  options: '-c TimeZone=UTC'
})
// A connection that ends while nobody uses it leaves the pool.
pool.on('error', () => {})

/** Brings the functions of `functions.sql` up to date. */
export async function install () {
  const text = await readFile(new URL('functions.sql', import.meta.url), 'utf8')
  await pool.query(`BEGIN; ${text} COMMIT;`)
}
