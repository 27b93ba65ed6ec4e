import { useState, type SyntheticEvent } from 'react';
import { Link, Navigate } from 'react-router';
import { useQuery } from 'urql';
import { useAction } from '../api/useAction';
import { graphql } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { Field } from '../parts/Field';
import { Page } from '../parts/Page';
import { Alert, Failed, Loading } from '../parts/states';
import { beginSession, useSession } from '../session/store';
import type { Session } from '../session/token';

const JoiningQuery = graphql(`
  query Joining {
    joining {
      ways
      minimumAge
    }
  }
`);

const SignUpMutation = graphql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      token
      recoveryCodes
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

const FIELDS = ['username', 'nickname', 'password', 'birthDate'];

export function SignUp() {
  const text = useText();
  const { session } = useSession();
  const [{ data, error }, again] = useQuery({ query: JoiningQuery });
  const { act, busy, problem } = useAction(SignUpMutation);
  const { ofField, ofWhole } = useProblemText();
  const [joined, setJoined] = useState<{ session: Session; codes: string[] }>();

  if (session) return <Navigate to="/" replace />;
  // The session begins when the codes have been read: they are shown once.
  if (joined)
    return (
      <RecoveryCodes codes={joined.codes} onDone={() => beginSession(joined.session, false)} />
    );

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => form.get(name) as string;
    const payload = await act({
      username: text('username'),
      nickname: text('nickname'),
      password: text('password'),
      birthDate: text('birthDate'),
    });
    if (payload?.token && payload.user) {
      const session = { token: payload.token, username: payload.user.username };
      setJoined({ session, codes: payload.recoveryCodes ?? [] });
    }
  }

  return (
    <Page title={text.signUp.title}>
      {error && <Failed error={error} again={again} />}
      {!data && !error && <Loading />}
      {data && !data.joining.ways.includes('OPEN') && <p>{text.signUp.closed}</p>}
      {data?.joining.ways.includes('OPEN') && (
        <form onSubmit={submit} className="card">
          <Field
            label={text.signIn.username}
            hint={text.signUp.usernameHint}
            error={ofField(problem, 'username')}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <Field
            label={text.signUp.nickname}
            hint={text.signUp.nicknameHint}
            error={ofField(problem, 'nickname')}
            name="nickname"
            autoComplete="nickname"
            required
          />
          <Field
            label={text.signIn.password}
            hint={text.signUp.passwordHint}
            error={ofField(problem, 'password')}
            name="password"
            type="password"
            autoComplete="new-password"
            required
          />
          <Field
            label={text.signUp.birthDate}
            hint={text.signUp.birthDateHint(data.joining.minimumAge)}
            error={ofField(problem, 'birthDate')}
            name="birthDate"
            type="date"
            autoComplete="bday"
            required
          />
          <Alert text={ofWhole(problem, FIELDS)} />
          <button type="submit" className="main" disabled={busy}>
            {text.signUp.submit}
          </button>
        </form>
      )}
      <p>
        {text.signUp.haveAccount} <Link to="/sign-in">{text.signIn.submit}</Link>
      </p>
    </Page>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const text = useText();
  return (
    <Page title={text.signUp.codesTitle} step="codes">
      <div className="card">
        <p>{text.signUp.codes}</p>
        <ul className="codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <button type="button" className="main" onClick={onDone}>
          {text.signUp.codesDone}
        </button>
      </div>
    </Page>
  );
}
