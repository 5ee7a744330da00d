import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { fetcherFor } from './fetcher';
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
  // undefined: not known yet, so that nobody is asked for the schema as a stranger first.
  const [session, setSession] = useState<Session | null | undefined>();
  useEffect(() => void resume().then(setSession), []);
  const ended = useCallback(() => setSession(null), []);
  const fetcher = useMemo(() => fetcherFor(session ?? null, ended), [session, ended]);
  const plugins = useMemo(() => [HISTORY_PLUGIN, EXPLORER, planPlugin(session ?? null)], [session]);
  if (session === undefined) return <header className="bar"><h1>HelpNest</h1></header>;
  // Whoever signs in or out begins with an empty answer: no schema for strangers, nobody reads what another was told.
  return (
    <>
      <SignIn session={session} onChange={setSession} />
      <main>
        <GraphiQL
          key={session ? 'signed-in' : 'stranger'}
          fetcher={fetcher}
          plugins={plugins}
          schema={session ? undefined : null}
          defaultQuery={WELCOME}
          shouldPersistHeaders={false}
        />
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Console />);
