// Runs graphql-http's audits against the server at argv[2].
import { serverAudits } from 'graphql-http';

const audits = serverAudits({ url: process.argv[2] });
let passed = 0;
for (const { id, name, fn } of audits) {
  const { status, reason } = await fn();
  if (status === 'ok') passed += 1;
  else console.log(`${id} ${status}: ${name}: ${reason}`);
}
console.log(`${passed} of ${audits.length} audits passed`);
process.exit(passed === audits.length ? 0 : 1);
