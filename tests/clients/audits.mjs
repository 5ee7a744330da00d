// The GraphQL over HTTP audits, by file path: URL, and perhaps a token, in; JSON out.
import { serverAudits } from './node_modules/graphql-http/lib/audits/server.mjs';

const [url, token] = process.argv.slice(2);
const fetchFn = (input, init = {}) =>
  fetch(input, {
    ...init,
    headers: {
      ...init.headers,
      'apollo-require-preflight': 'true', // a GET that no foreign page can send
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  });

const found = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const { id, name, status, reason } = await audit.fn();
  found.push({ id, name, status, ...(reason ? { reason } : {}) });
}
console.log(JSON.stringify(found));
