import { useState, type FormEvent } from 'react';
import { signIn, signOut, type Session } from './session';

interface Props {
  session: Session | null;
  onChange: (session: Session | null) => void;
}

/** The bar above the editor: who is signed in, or the form to do so. */
export function SignIn({ session, onChange }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      onChange(await signIn(String(form.get('email')), String(form.get('password'))));
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  if (session) {
    return (
      <header className="bar">
        <h1>HelpNest</h1>
        <span className="who">Signed in as {session.name}</span>
        <button type="button" onClick={() => void signOut(session).finally(() => onChange(null))}>Sign out</button>
      </header>
    );
  }
  return (
    <header className="bar">
      <h1>HelpNest</h1>
      <form onSubmit={(event) => void submit(event)}>
        <input name="email" type="email" placeholder="E-mail" aria-label="E-mail" autoComplete="username" required />
        <input name="password" type="password" placeholder="Password" aria-label="Password" autoComplete="current-password" required />
        <button type="submit" disabled={busy}>Sign in</button>
      </form>
      <span className="problem" role="alert">{problem}</span>
    </header>
  );
}
