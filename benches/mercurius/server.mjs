// The tables of Ashiato behind Mercurius: what `cargo bench --bench peers` compares with.

import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { loaders } from './loaders.mjs'
import { resolvers } from './resolvers.mjs'
import { viewerOf } from './session.mjs'

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  loaders,
  // Compiled by graphql-jit at the second request with the same document.
  jit: 1,
  context: async (request) => ({ viewer: await viewerOf(request.headers.authorization) })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
console.log('ready')
