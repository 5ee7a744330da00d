import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { currentToken, type Session } from './session';

/** What GraphiQL can read: one answer, or one in parts (`@defer`). */
const ACCEPT = 'application/json, multipart/mixed;deferSpec=20220824';

/** Names of headers in lower case, so that one written by hand takes the place of ours and does not stand beside it. */
export function headersOf(token: string | null, own: object = {}): Record<string, string> {
  const written = Object.entries(own).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { ...(token ? { authorization: `Bearer ${token}` } : {}), ...Object.fromEntries(written) };
}

/** Ask the graph as who is signed in, by HTTP and (subscriptions) by WebSocket. A session that has ended is told to `onEnd`. */
export function fetcherFor(session: Session | null, onEnd: () => void): Fetcher {
  const { origin } = window.location;
  return async (params, options) => {
    const token = session && (await currentToken(session));
    if (session && !token) onEnd();
    const ask = createGraphiQLFetcher({
      url: `${origin}/graphql`,
      subscriptionUrl: `${origin.replace('http', 'ws')}/graphql`,
      headers: { accept: ACCEPT },
    });
    return ask(params, { ...options, headers: headersOf(token, options?.headers) });
  };
}
