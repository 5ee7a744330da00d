// Apollo Client, with its own links, asks a router: what it got, as JSON.
// Its arguments: the scenario, the endpoint's URL, a token, a manifest's path.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import {
  generatePersistedQueryIdsAtRuntime,
  generatePersistedQueryIdsFromManifest,
} from '@apollo/persisted-query-lists';

const [scenario, uri, token, manifest] = process.argv.slice(2);

const sent = [];
const recording = async (url, init) => {
  const answer = await fetch(url, init);
  sent.push({
    method: init.method,
    text: Boolean(init.body?.includes('"query"') || new URL(url).searchParams.get('query')),
    status: answer.status,
    media: answer.headers.get('content-type'),
    coding: answer.headers.get('content-encoding'),
  });
  return answer;
};
const headers = token ? { authorization: `Bearer ${token}` } : {};
const http = new HttpLink({ uri, fetch: recording, headers });
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const loadManifest = async () => JSON.parse(await readFile(manifest, 'utf8'));

const links = {
  plain: () => http,
  automatic: () => new PersistedQueryLink({ sha256 }).concat(http),
  automaticByGet: () =>
    new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http),
  byGet: () => new HttpLink({ uri, fetch: recording, headers, useGETForQueries: true }),
  fromManifest: () =>
    new PersistedQueryLink(generatePersistedQueryIdsFromManifest({ loadManifest })).concat(http),
  atRuntime: () =>
    new PersistedQueryLink(generatePersistedQueryIdsAtRuntime({ sha256 })).concat(http),
  batched: () => new BatchHttpLink({ uri, fetch: recording, headers, batchInterval: 20 }),
};

const TITLES = gql`
  query Titles($first: Int) {
    tickets(first: $first) {
      id
      title
      assignee {
        name
      }
    }
  }
`;
const VIEWER = gql`
  query Viewer {
    viewer {
      name
    }
  }
`;
const CLOSE = gql`
  mutation Close($id: ID!) {
    close(id: $id) {
      id
      title
    }
  }
`;
const WRONG = gql`
  query Wrong {
    nothing
  }
`;

const client = new ApolloClient({
  link: links[scenario](),
  cache: new InMemoryCache(),
  clientAwareness: { name: 'tests', version: '1' },
});
const told = (error) => ({
  kind: error.name,
  codes: (error.errors ?? []).map((each) => each.extensions?.code),
});
const query = (document, variables = {}) =>
  client
    .query({ query: document, variables, fetchPolicy: 'network-only', errorPolicy: 'all' })
    .then(({ data, error }) => ({ data, ...(error ? { error: told(error) } : {}) }), told);
const mutate = (document, variables) =>
  client
    .mutate({ mutation: document, variables, errorPolicy: 'all' })
    .then(({ data, error }) => ({ data, ...(error ? { error: told(error) } : {}) }), told);

const answers =
  scenario === 'batched'
    ? await Promise.all([query(TITLES, { first: 2 }), query(WRONG), query(VIEWER)])
    : [
        await query(TITLES, { first: 2 }),
        await query(TITLES, { first: 2 }),
        await query(VIEWER),
        await mutate(CLOSE, { id: '1' }),
        await query(WRONG),
      ];
console.log(JSON.stringify({ answers, sent }));
