import { useEffect } from 'react';
import { pick, useGraphiQL } from '@graphiql/react';

const selectEditors = pick('queryEditor', 'variableEditor', 'headerEditor', 'responseEditor');

/** GraphiQL has no property for Monaco's options. These fit the examples beside an open panel. */
export function CompactEditors() {
  const editors = Object.values(useGraphiQL(selectEditors));

  useEffect(() => {
    for (const editor of editors) editor?.updateOptions({ fontSize: 13, wordWrap: 'on' });
  }, editors);

  return null;
}
