// The tables of Ashiato behind PostGraphile: what `cargo bench --bench peers` compares with.

import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { grafserv } from 'postgraphile/grafserv/node'
import { install } from './database.mjs'
import preset from './graphile.config.mjs'

await install()
const pgl = postgraphile(preset)
// Known before the first request comes.
await pgl.getSchema()
// As long as Fastify's: Node's five seconds end connections that a client still has.
const server = createServer({ keepAliveTimeout: 72_000 })
await pgl.createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
