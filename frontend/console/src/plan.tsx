import { tryParseJSONC, useGraphiQL, type GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useRef, useState } from 'react';
import { headersOf } from './fetcher';
import { currentToken, type Session } from './session';

/** What is typed is planned when nobody typed for so many milliseconds. */
const PAUSE = 500;

interface Planned {
  extensions?: {
    apolloQueryPlan?: { text?: string };
    cost?: { estimated?: number; actual?: number; remaining?: number };
  };
  errors?: { message: string }[];
}

interface Operation {
  query: string;
  variables: string;
  headers: string;
  operationName: string | undefined;
}

async function plan(operation: Operation, session: Session): Promise<Planned> {
  const { query, operationName } = operation;
  const headers = {
    ...headersOf(await currentToken(session), tryParseJSONC(operation.headers)),
    'content-type': 'application/json',
    accept: 'application/json',
    'apollo-expose-query-plan': 'dry-run',
  };
  const body = JSON.stringify({ query, operationName, variables: tryParseJSONC(operation.variables) });
  const response = await fetch('/graphql', { method: 'POST', headers, body });
  return (await response.json()) as Planned;
}

/** The operation under the cursor, as it is typed. */
function useOperation(): Operation {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const headers = useGraphiQL((state) => state.headerEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const [, typed] = useState(0);
  useEffect(() => {
    const heard = [query, variables, headers].map((editor) => editor?.onDidChangeModelContent(() => typed((n) => n + 1)));
    return () => heard.forEach((each) => each?.dispose());
  }, [query, variables, headers]);
  const text = (editor: typeof query) => editor?.getValue() ?? '';
  return { query: text(query), variables: text(variables), headers: text(headers), operationName };
}

function PlanPanel({ session }: { session: Session | null }) {
  const { query, variables, headers, operationName } = useOperation();
  const [planned, setPlanned] = useState<Planned | null>(null);
  const latest = useRef(0);

  useEffect(() => {
    const number = (latest.current += 1);
    if (!session || !query.trim()) return;
    const timer = setTimeout(() => {
      plan({ query, variables, headers, operationName }, session)
        .catch((error: unknown) => ({ errors: [{ message: error instanceof Error ? error.message : String(error) }] }))
        .then((found: Planned) => number === latest.current && setPlanned(found));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [query, variables, headers, operationName, session]);

  const cost = planned?.extensions?.cost;
  return (
    <section className="plan" aria-label="Query plan and cost">
      <div className="graphiql-doc-explorer-title">Plan and cost</div>
      <p>What the router would ask of whom for {operationName ? <strong>{operationName}</strong> : 'this operation'}, and what it would cost. Nothing is run.</p>
      {!session && <p>Sign in to see it.</p>}
      <div aria-live="polite">
        {session && planned?.errors?.map((error) => <p key={error.message} className="problem">{error.message}</p>)}
        {session && cost?.estimated !== undefined && <p>Estimated cost: <strong>{cost.estimated}</strong></p>}
      </div>
      {session && planned?.extensions?.apolloQueryPlan?.text && <pre tabIndex={0}>{planned.extensions.apolloQueryPlan.text}</pre>}
    </section>
  );
}

function PlanIcon() {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="3" cy="8" r="2" /><circle cx="13" cy="3" r="2" /><circle cx="13" cy="13" r="2" />
      <path d="M5 7.2 11 4M5 8.8l6 3.2" />
    </svg>
  );
}

/** A GraphiQL plugin that shows the plan and the cost of the operation in the editor. */
export function planPlugin(session: Session | null): GraphiQLPlugin {
  return { title: 'Plan and cost', icon: PlanIcon, content: () => <PlanPanel session={session} /> };
}
