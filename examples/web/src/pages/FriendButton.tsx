import { useAction } from '../api/useAction';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { Link } from 'react-router';
import { Alert } from '../parts/states';
import { announce } from '../shell/announcer';

const FriendButtonFragment = graphql(`
  fragment FriendButton on User {
    id
    viewerRelation
    viewerCanRequestFriendship
  }
`);

const RequestFriendship = graphql(`
  mutation RequestFriendship($input: RequestFriendshipInput!) {
    requestFriendship(input: $input) {
      becameFriends
      user {
        id
        ...FriendButton
        friendCount
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

/** What one is to somebody, and what can be done about it. The cache changes it, wherever it was changed. */
export function FriendButton(props: { user: FragmentType<typeof FriendButtonFragment> }) {
  const text = useText();
  const user = readFragment(FriendButtonFragment, props.user);
  const { act, busy, problem } = useAction(RequestFriendship);
  const { ofWhole } = useProblemText();

  async function ask() {
    const payload = await act({ userId: user.id });
    if (payload) announce(payload.becameFriends ? text.profile.friend : text.profile.asked);
  }

  const state = {
    SELF: null,
    FRIEND: <p className="state">{text.profile.friend}</p>,
    REQUEST_SENT: (
      <p className="state">
        {text.profile.asked} <Link to="/requests">{text.requests.title}</Link>
      </p>
    ),
    REQUEST_RECEIVED: (
      <p className="state">
        {text.profile.asksYou} <Link to="/requests">{text.requests.title}</Link>
      </p>
    ),
    FRIEND_OF_FRIEND: null,
    NONE: null,
  }[user.viewerRelation];
  return (
    <>
      {state}
      {!state && user.viewerCanRequestFriendship && (
        <button type="button" className="main" aria-disabled={busy} onClick={ask}>
          {text.profile.ask}
        </button>
      )}
      <Alert text={ofWhole(problem)} />
    </>
  );
}
