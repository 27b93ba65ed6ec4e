const operations = import.meta.glob('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob('./examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const examples = Object.keys(operations)
  .sort()
  .map((path) => ({
    query: operations[path].trimEnd(),
    variables: variables[path.replace('.graphql', '.variables.json')]?.trimEnd(),
  }));
