import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { planPlugin } from './plan';
import { resume, type Session } from './session';
import { SignIn } from './sign-in';

const WELCOME = `# The whole of HelpNest is this one graph. Sign in above, then press the arrow.
# The documentation (left) describes every field; the explorer builds queries by clicking.

query FirstTickets {
  tickets(first: 5, orderBy: [{ field: OPENED_AT, direction: DESC }]) {
    nodes {
      number
      title
      priority
      assignee { name department { name head { name } } }
    }
  }
}
`;

const EXPLORER = explorerPlugin();

function Console() {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => void resume().then(setSession), []);
  const fetcher = useMemo(() => {
    const origin = window.location.origin;
    return createGraphiQLFetcher({
      url: `${origin}/graphql`,
      subscriptionUrl: `${origin.replace('http', 'ws')}/graphql`,
      headers: session ? { authorization: `Bearer ${session.token}` } : {},
    });
  }, [session]);
  const plugins = useMemo(() => [HISTORY_PLUGIN, EXPLORER, planPlugin(session)], [session]);
  return (
    <>
      <SignIn session={session} onChange={setSession} />
      <main>
        <GraphiQL fetcher={fetcher} plugins={plugins} defaultQuery={WELCOME} shouldPersistHeaders={false} />
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Console />);
