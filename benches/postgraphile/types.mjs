// Numbers and moments as Ashiato's API says them.

import { TYPES } from 'postgraphile/@dataplan/pg'
import { sql } from 'postgraphile/pg-sql2'

// `2004-02-15 03:00:00.06+00` as `2004-02-15T03:00:00.060Z`.
const moment = {
  ...TYPES.timestamptz,
  name: 'moment',
  castFromPg: (fragment) => sql`${sql.parens(fragment)}::text`,
  fromPg (text) {
    const millis = text.slice(20, -3).padEnd(3, '0').slice(0, 3)
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${millis}Z`
  }
}

export const TypesPlugin = {
  name: 'TypesPlugin',
  version: '1.0.0',
  gather: {
    hooks: {
      pgCodecs_attribute (_, { attribute }) {
        // The counters are far from where a number would not do.
        if (attribute.codec === TYPES.bigint) attribute.codec = TYPES.int
        if (attribute.codec === TYPES.timestamptz) attribute.codec = moment
      }
    }
  },
  schema: {
    hooks: {
      init (_, build) {
        build.setGraphQLTypeForPgCodec(moment, ['input', 'output'], build.inflection.builtin('Datetime'))
        return _
      }
    }
  }
}
