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
const server = createServer()
await pgl.createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
