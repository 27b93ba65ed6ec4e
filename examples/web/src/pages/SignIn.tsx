import { useState, type SyntheticEvent } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { useAction } from '../api/useAction';
import { graphql } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { Field } from '../parts/Field';
import { focusAtFirst } from '../parts/focus';
import { Page } from '../parts/Page';
import { Alert } from '../parts/states';
import { beginSession, useSession } from '../session/store';

const SignInMutation = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      token
      user {
        id
        username
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function SignIn() {
  const text = useText();
  const { session, expired } = useSession();
  const { from } = (useLocation().state ?? {}) as { from?: string };
  const { act, busy, problem } = useAction(SignInMutation);
  const { ofWhole } = useProblemText();
  const [asksFactor, setAsksFactor] = useState(false);
  const codes = problem && 'refused' in problem ? problem.refused.map(({ code }) => code) : [];
  // Once asked for it stays, also while another try with a wrong code is under way.
  if (codes.includes('SECOND_FACTOR_REQUIRED') && !asksFactor) setAsksFactor(true);

  if (session) return <Navigate to={from ?? '/'} replace />;

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const secondFactor = form.get('secondFactor') as string | null;
    const payload = await act({
      username: form.get('username') as string,
      password: form.get('password') as string,
      ...(secondFactor ? { secondFactor } : {}),
    });
    if (payload?.token && payload.user) {
      const { token, user } = payload;
      beginSession({ token, username: user.username }, form.has('stay'));
    }
  }

  return (
    <Page title={text.signIn.title}>
      {expired && !problem && (
        <p className="notice" role="status">
          {text.signIn.expired}
        </p>
      )}
      <form onSubmit={submit} className="card">
        <Field
          label={text.signIn.username}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Field
          label={text.signIn.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {asksFactor && (
          <Field
            label={text.signIn.secondFactor}
            name="secondFactor"
            autoComplete="one-time-code"
            // The only thing that is left to do: whoever was asked for it is taken to it.
            ref={focusAtFirst}
            required
          />
        )}
        <label className="check">
          <input type="checkbox" name="stay" />
          {text.signIn.stay}
        </label>
        <Alert text={ofWhole(problem)} />
        <button type="submit" className="main" disabled={busy}>
          {text.signIn.submit}
        </button>
      </form>
      <p>
        {text.signIn.noAccount} <Link to="/sign-up">{text.signIn.join}</Link>
      </p>
    </Page>
  );
}
