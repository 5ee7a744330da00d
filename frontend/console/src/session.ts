/** Who is signed in. The access token lives in memory; the refresh token is an HttpOnly cookie that no script can read. */

export interface Session {
  token: string;
  name: string;
}

/** An access token is exchanged so long before it ends, in milliseconds: a request that takes its time still arrives with a good one. */
const EARLY = 30_000;

const SIGN_IN = `mutation ConsoleSignIn($input: SignInInput!) {
  signIn(input: $input) { accessToken userErrors { message } }
}`;
const REFRESH = `mutation ConsoleRefresh { refreshSession(input: {}) { accessToken userErrors { message } } }`;
const SIGN_OUT = `mutation ConsoleSignOut { signOut { signedOutSessionId } }`;
const VIEWER = `query ConsoleViewer { viewer { name } }`;

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string }[];
}

async function ask<Data>(query: string, variables: object, token?: string): Promise<Answer<Data>> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return (await response.json()) as Answer<Data>;
}

function endsSoon(token: string): boolean {
  const claims = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))) as { exp: number };
  return claims.exp * 1000 - EARLY < Date.now();
}

async function started(token: string): Promise<Session> {
  const answer = await ask<{ viewer: { name: string } | null }>(VIEWER, {}, token);
  return { token, name: answer.data?.viewer?.name ?? 'signed in' };
}

/** Sign in; a refusal is thrown in the server's own words. */
export async function signIn(email: string, password: string): Promise<Session> {
  type Data = { signIn: { accessToken: string | null; userErrors: { message: string }[] } };
  const answer = await ask<Data>(SIGN_IN, { input: { email, password, deviceName: 'GraphiQL' } });
  const token = answer.data?.signIn.accessToken;
  if (token) return started(token);
  const problem = answer.data?.signIn.userErrors[0] ?? answer.errors?.[0];
  throw new Error(problem?.message ?? 'The graph did not answer.');
}

async function refreshed(): Promise<string | null> {
  type Data = { refreshSession: { accessToken: string | null } };
  return (await ask<Data>(REFRESH, {})).data?.refreshSession.accessToken ?? null;
}

/** Go on with the session of the refresh cookie, if there is one. */
export async function resume(): Promise<Session | null> {
  try {
    const token = await refreshed();
    return token ? await started(token) : null;
  } catch {
    return null;
  }
}

let exchange: Promise<string | null> | null = null;

/** Give the session's token, or a new one in its place when it ends soon; null when the session has ended. Who asks at one time gets the same. */
export async function currentToken(session: Session): Promise<string | null> {
  if (!endsSoon(session.token)) return session.token;
  exchange ??= refreshed().finally(() => (exchange = null));
  const token = await exchange;
  if (token) session.token = token;
  return token;
}

export async function signOut(session: Session): Promise<void> {
  await ask(SIGN_OUT, {}, session.token);
}
