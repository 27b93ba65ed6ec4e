// The pool, and statements that each connection prepares once, by their names.

import pg from 'pg'

const { INT8, TIMESTAMPTZ } = pg.types.builtins

pg.types.setTypeParser(INT8, Number)
// `2004-02-15 03:00:00.06+00` as `2004-02-15T03:00:00.060Z`: what the API says, without a Date.
pg.types.setTypeParser(TIMESTAMPTZ, (text) => {
  const millis = text.slice(20, -3).padEnd(3, '0').slice(0, 3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${millis}Z`
})

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 16,
  idleTimeoutMillis: 0,
  options: '-c TimeZone=UTC',
  // Statements of a transaction are sent one after the other, without waiting for the answers.
  pipeline: true
})
// A connection that ends while nobody uses it leaves the pool.
pool.on('error', () => {})

/** A statement that gives its rows. */
export function statement (name, text) {
  return async (values, client = pool) => (await client.query({ name, text, values })).rows
}

/**
 * What all of `work`'s statements give, which are carried out in one transaction and sent at once:
 * none may need what an earlier one answers. Where one fails, nothing is written.
 */
export async function transaction (work) {
  const client = await pool.connect()
  let answers
  try {
    answers = await Promise.allSettled([begin([], client), ...work(client), commit([], client)])
  } finally {
    client.release()
  }
  const failed = answers.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
  return answers.slice(1, -1).map(({ value }) => value)
}

const begin = statement('begin', 'BEGIN')
const commit = statement('commit', 'COMMIT')
