import { useEffect } from 'react';
import { useQuery } from 'urql';
import { useAction } from '../api/useAction';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { When } from '../i18n/When';
import { RequestsQuery } from '../lists/requests';
import { Page } from '../parts/Page';
import { Alert, Empty, Failed, Loading } from '../parts/states';
import { UserLink } from '../parts/UserLink';
import { announce } from '../shell/announcer';

export function Requests() {
  const text = useText();
  const [{ data, error, fetching }, again] = useQuery({
    query: RequestsQuery,
    requestPolicy: 'cache-and-network',
  });
  const incoming = data?.viewer?.incomingFriendRequests;
  const outgoing = data?.viewer?.outgoingFriendRequests;
  // The last of those that are shown was answered, and there are others.
  const isUsedUp = [incoming, outgoing].some(
    (list) => list && list.edges.length === 0 && list.totalCount > 0,
  );
  useEffect(() => {
    if (isUsedUp) again({ requestPolicy: 'network-only' });
  }, [isUsedUp, again]);
  return (
    <Page title={text.requests.title}>
      {!data && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {incoming && (
        <section>
          <h2>{text.requests.incoming}</h2>
          {incoming.edges.length === 0 && <Empty text={text.requests.noIncoming} />}
          {incoming.edges.map(({ node }) => (
            <Incoming key={node.id} request={node} />
          ))}
          <Rest list={incoming} />
        </section>
      )}
      {outgoing && (
        <section>
          <h2>{text.requests.outgoing}</h2>
          {outgoing.edges.length === 0 && <Empty text={text.requests.noOutgoing} />}
          {outgoing.edges.map(({ node }) => (
            <Outgoing key={node.id} request={node} />
          ))}
          <Rest list={outgoing} />
        </section>
      )}
    </Page>
  );
}

/** Fifty are shown of each. They are there to be answered, so the others come by themselves. */
function Rest({ list }: { list: { totalCount: number; edges: unknown[] } }) {
  const text = useText();
  const count = list.totalCount - list.edges.length;
  return count > 0 && <p className="hint">{text.requests.rest(count)}</p>;
}

const IncomingRequestFragment = graphql(`
  fragment IncomingRequest on FriendRequest {
    id
    message
    createdAt
    sender {
      id
      nickname
      ...UserLink
    }
  }
`);

const AcceptFriendRequest = graphql(`
  mutation AcceptFriendRequest($input: AcceptFriendRequestInput!) {
    acceptFriendRequest(input: $input) {
      friend {
        id
        friendCount
        ...FriendButton
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const DeclineFriendRequest = graphql(`
  mutation DeclineFriendRequest($input: DeclineFriendRequestInput!) {
    declineFriendRequest(input: $input) {
      user {
        id
        ...FriendButton
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

/** The card is gone with the answer, and the focus with it: so it goes to the page's heading, from where the rest is read on. */
const focusHeading = () => document.querySelector<HTMLElement>('h1')?.focus();

function Incoming(props: { request: FragmentType<typeof IncomingRequestFragment> }) {
  const text = useText();
  const { id, message, createdAt, sender } = readFragment(IncomingRequestFragment, props.request);
  const accept = useAction(AcceptFriendRequest);
  const decline = useAction(DeclineFriendRequest);
  const { ofWhole } = useProblemText();
  const busy = accept.busy || decline.busy;

  async function answer(action: { act: typeof accept.act | typeof decline.act }, said: string) {
    if (!(await action.act({ requestId: id }))) return;
    announce(said);
    focusHeading();
  }

  return (
    <article className="card">
      <UserLink user={sender} origin="LINK" />
      {message && <p className="text">{message}</p>}
      <p className="meta">
        <When at={createdAt} />
      </p>
      <Alert text={ofWhole(accept.problem ?? decline.problem)} />
      <div className="actions">
        <button
          type="button"
          className="main"
          aria-label={text.requests.of(text.requests.accept, sender.nickname)}
          disabled={busy}
          onClick={() => answer(accept, text.requests.accepted(sender.nickname))}
        >
          {text.requests.accept}
        </button>
        <button
          type="button"
          aria-label={text.requests.of(text.requests.decline, sender.nickname)}
          disabled={busy}
          onClick={() => answer(decline, text.requests.declined(sender.nickname))}
        >
          {text.requests.decline}
        </button>
      </div>
    </article>
  );
}

const OutgoingRequestFragment = graphql(`
  fragment OutgoingRequest on FriendRequest {
    id
    createdAt
    recipient {
      id
      nickname
      ...UserLink
    }
  }
`);

const CancelFriendRequest = graphql(`
  mutation CancelFriendRequest($input: CancelFriendRequestInput!) {
    cancelFriendRequest(input: $input) {
      user {
        id
        ...FriendButton
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

function Outgoing(props: { request: FragmentType<typeof OutgoingRequestFragment> }) {
  const text = useText();
  const { id, createdAt, recipient } = readFragment(OutgoingRequestFragment, props.request);
  const { act, busy, problem } = useAction(CancelFriendRequest);
  const { ofWhole } = useProblemText();

  async function cancel() {
    if (!(await act({ requestId: id }))) return;
    announce(text.requests.canceled(recipient.nickname));
    focusHeading();
  }

  return (
    <article className="card">
      <UserLink user={recipient} origin="LINK" />
      <p className="meta">
        <When at={createdAt} />
      </p>
      <Alert text={ofWhole(problem)} />
      <button
        type="button"
        aria-label={text.requests.of(text.requests.cancel, recipient.nickname)}
        disabled={busy}
        onClick={cancel}
      >
        {text.requests.cancel}
      </button>
    </article>
  );
}
