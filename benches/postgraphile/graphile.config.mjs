// See README.md for what of this stands on which page of PostGraphile's guides.

import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import { makePgService } from 'postgraphile/adaptors/pg'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { pgSmartTagsFromFile } from 'postgraphile/utils'
import { fileURLToPath } from 'node:url'
import { ApiPlugin } from './api.mjs'
import { pool } from './database.mjs'
import { orders } from './orders.mjs'
import { viewerOf } from './session.mjs'
import { TypesPlugin } from './types.mjs'

const tags = fileURLToPath(new URL('postgraphile.tags.json5', import.meta.url))

export default {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  plugins: [pgSmartTagsFromFile(tags), TypesPlugin, ApiPlugin, ...orders],
  pgServices: [makePgService({ pool, schemas: ['public', 'postgraphile'] })],
  schema: {
    dontSwallowErrors: true,
    defaultBehavior: '-insert -update -delete -node'
  },
  grafast: {
    // No `pgSettings`: with them every request is a transaction of four statements. Who asks is an
    // argument of the plans instead.
    async context ({ node }) {
      return { viewer: await viewerOf(node.req.headers.authorization) }
    }
  },
  grafserv: {
    graphqlPath: '/graphql',
    graphiql: false,
    websockets: false,
    // Grafast writes the JSON itself.
    outputDataAsString: true
  }
}
