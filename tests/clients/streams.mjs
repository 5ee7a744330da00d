// Apollo Client, graphql-ws and graphql-sse follow a router: what they got, as JSON.
// Its arguments: the scenario, the endpoint's URL, a token.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

const [scenario, uri, token] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}` };

const CHANGED =
  'subscription Changed($id: ID!) { ticketChanged(id: $id) { id title assignee { id name } } }';
const TICKET = gql`
  query Ticket {
    ticket(id: "1") {
      id
      title
      ... @defer(label: "people") {
        assignee {
          id
          name
          ... @defer(label: "boss") {
            boss {
              id
              name
            }
          }
        }
      }
    }
  }
`;

function apollo() {
  return new ApolloClient({
    link: new HttpLink({ uri, headers }),
    cache: new InMemoryCache(),
    incrementalHandler: new Defer20220824Handler(),
  });
}

function told(result) {
  if (!result.error) {
    return { data: result.data };
  }
  const errors = result.error.errors ?? [];
  return {
    error: { kind: result.error.name, codes: errors.map((each) => each.extensions?.code) },
  };
}

// What an observable gives, up to a number of results or its end.
function taken(observable, most) {
  return new Promise((resolve, reject) => {
    const found = [];
    const subscription = observable.subscribe({
      next(result) {
        found.push(told(result));
        if (found.length === most) {
          subscription.unsubscribe();
          resolve(found);
        }
      },
      error: reject,
      complete: () => resolve(found),
    });
  });
}

// What an asynchronous iterator gives, up to a number of results or its end.
async function iterated(iterator, most) {
  const found = [];
  for await (const result of iterator) {
    found.push(result);
    if (found.length === most) {
      break;
    }
  }
  return found;
}

const overWebSocket = (connectionParams) =>
  createWs({
    url: uri.replace('http:', 'ws:'),
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 3,
    retryWait: async () => {},
  });

const scenarios = {
  apollo: () =>
    taken(apollo().subscribe({ query: gql(CHANGED), variables: { id: '1' } }), 2),
  apolloUntilTheEnd: () =>
    taken(apollo().subscribe({ query: gql(CHANGED), variables: { id: '1' } }), 99),
  apolloDefer: async () => {
    const found = [];
    const client = apollo();
    await new Promise((resolve, reject) => {
      client.watchQuery({ query: TICKET }).subscribe({
        next(result) {
          if (result.data && Object.keys(result.data).length) {
            found.push({ data: result.data, state: result.dataState });
          }
          if (result.dataState === 'complete' && !result.loading) {
            resolve();
          }
        },
        error: reject,
      });
    });
    return found;
  },
  webSocket: () =>
    iterated(
      overWebSocket(headers).iterate({ query: CHANGED, variables: { id: '1' } }),
      2,
    ),
  webSocketThroughAReload: () =>
    iterated(
      overWebSocket(headers).iterate({ query: CHANGED, variables: { id: '1' } }),
      2,
    ),
  webSocketStranger: () =>
    iterated(overWebSocket({}).iterate({ query: CHANGED, variables: { id: '1' } }), 1).catch(
      (errors) => [{ codes: errors.map((each) => each.extensions.code) }],
    ),
  serverSentEvents: () =>
    iterated(
      createSse({ url: uri, headers }).iterate({ query: CHANGED, variables: { id: '1' } }),
      2,
    ),
};

process.stdout.write(`${JSON.stringify(await scenarios[scenario]())}\n`);
process.exit(0);
