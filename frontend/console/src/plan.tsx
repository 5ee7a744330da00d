import { useGraphiQL, type GraphiQLPlugin } from '@graphiql/react';
import { useState } from 'react';
import type { Session } from './session';

interface Planned {
  extensions?: {
    apolloQueryPlan?: { text?: string };
    cost?: { estimated?: number; actual?: number; remaining?: number };
  };
  errors?: { message: string }[];
}

async function plan(query: string, variables: string, session: Session | null): Promise<Planned> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'apollo-expose-query-plan': 'dry-run',
  };
  if (session) headers['authorization'] = `Bearer ${session.token}`;
  const body = JSON.stringify({ query, variables: variables.trim() ? JSON.parse(variables) : undefined });
  const response = await fetch('/graphql', { method: 'POST', headers, body });
  return (await response.json()) as Planned;
}

function PlanPanel({ session }: { session: Session | null }) {
  const query = useGraphiQL((state) => state.queryEditor?.getValue() ?? '');
  const variables = useGraphiQL((state) => state.variableEditor?.getValue() ?? '');
  const [planned, setPlanned] = useState<Planned | null>(null);

  async function look() {
    try {
      setPlanned(await plan(query, variables, session));
    } catch (error) {
      setPlanned({ errors: [{ message: error instanceof Error ? error.message : String(error) }] });
    }
  }

  const cost = planned?.extensions?.cost;
  return (
    <section className="plan" aria-label="Query plan and cost">
      <div className="graphiql-doc-explorer-title">Plan and cost</div>
      <p>What the router would ask of whom, and what it would cost. Nothing is run.</p>
      <button type="button" className="graphiql-button" onClick={() => void look()}>Plan this operation</button>
      {planned?.errors?.map((error) => <p key={error.message} role="alert" className="problem">{error.message}</p>)}
      {cost?.estimated !== undefined && <p>Estimated cost: <strong>{cost.estimated}</strong></p>}
      {planned?.extensions?.apolloQueryPlan?.text && <pre>{planned.extensions.apolloQueryPlan.text}</pre>}
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
