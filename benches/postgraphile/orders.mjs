// Orders of lists, each served by an index. They are unique in each list, which PostGraphile cannot
// know: it would order by the primary key besides.

import { addPgTableOrderBy, orderByAscDesc } from 'postgraphile/utils'

const order = (tableName, name, column) => addPgTableOrderBy(
  { schemaName: 'public', tableName },
  () => orderByAscDesc(name, column, { unique: true })
)

export const orders = [
  order('friendships', 'BECAME_FRIENDS', 'id'),
  order('footprints', 'VISITED', 'number')
]
