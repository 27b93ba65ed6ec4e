import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, useQuery, useSubscription } from 'urql';
import { graphql } from '../gql';
import { useText } from '../i18n/context';
import { FootprintLeft, FootprintsQuery } from '../lists/footprints';
import { RequestsQuery } from '../lists/requests';
import { useSession } from '../session/store';
import { announce } from './announcer';

export const BadgesQuery = graphql(`
  query Badges {
    viewer {
      newFootprintCount
      visitCount
      incomingFriendRequests(first: 50) {
        totalCount
      }
    }
  }
`);

const FriendRequestReceived = graphql(`
  subscription FriendRequestReceived($after: String) {
    friendRequestReceived(after: $after) {
      cursor
      node {
        id
        sender {
          id
          nickname
        }
      }
    }
  }
`);

/** What comes at once after the network was away is said in one sentence. */
const TOGETHER = 400;

/** How long after the socket is open the subscription certainly stands. */
const SETTLED = 300;

/** Everything that arrives while somebody is signed in, on whichever page they are. */
export function Live() {
  return (
    <>
      <LiveFootprints />
      <LiveRequests />
    </>
  );
}

function LiveFootprints() {
  const client = useClient();
  const { api } = useSession();
  const tell = useTelling();
  const [{ data }] = useQuery({ query: FootprintsQuery });
  const newest = data?.viewer?.footprints.edges[0]?.cursor;
  const [after, setAfter] = useState<string>();
  if (after === undefined && newest !== undefined) setAfter(newest);

  // Nobody has been here yet: then there is no cursor to go on from, and what comes between the
  // list and the subscription, or while the network is away, is found by reading the list again.
  const isEmpty = data !== undefined && newest === undefined;
  useEffect(() => {
    if (!isEmpty) return;
    let timer: number | undefined;
    const readAgain = async () => {
      const { data } = await client.query(FootprintsQuery, {}, { requestPolicy: 'network-only' });
      data?.viewer?.footprints.edges.forEach(() => tell(null));
    };
    const stop = api.socket?.on('connected', () => {
      timer = window.setTimeout(() => void readAgain(), SETTLED);
    });
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [isEmpty, client, api, tell]);

  if (!data) return null;
  return <FootprintsFrom key={after ?? ''} after={after} onVisitor={tell} />;
}

/** Says who came: together those who come together, and once more how many are new. */
function useTelling() {
  const client = useClient();
  const { footprints: text } = useText();
  const came = useRef<(string | null)[]>([]);
  const timer = useRef<number>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (name: string | null) => {
      came.current.push(name);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        const [first, ...others] = came.current.splice(0);
        const single = first && others.length === 0;
        announce(single ? text.arrived(first) : text.arrivedMany(1 + others.length));
        // The event says who came, not how many are new now.
        void client.query(BadgesQuery, {}, { requestPolicy: 'network-only' }).toPromise();
      }, TOGETHER);
    },
    [client, text],
  );
}

type From = { after: string | undefined; onVisitor: (name: string | null) => void };

/** Mounted anew with the first cursor that there is. From then on `resuming` keeps the last one. */
function FootprintsFrom({ after, onVisitor }: From) {
  useSubscription({ query: FootprintLeft, variables: { after } }, (_, data) => {
    onVisitor(data.footprintLeft.node.visitor?.nickname ?? null);
    return data;
  });
  return null;
}

function LiveRequests() {
  const client = useClient();
  const text = useText();
  const { api } = useSession();
  // This subscription has no cursor before its first event: so what came while the network was away
  // is read, instead of awaited.
  useEffect(
    () =>
      api.socket?.on('connected', (_socket, _payload, again) => {
        if (again)
          void client.query(RequestsQuery, {}, { requestPolicy: 'network-only' }).toPromise();
      }),
    [api, client],
  );
  useSubscription({ query: FriendRequestReceived }, (_, data) => {
    announce(text.requests.arrived(data.friendRequestReceived.node.sender.nickname));
    void client.query(RequestsQuery, {}, { requestPolicy: 'network-only' }).toPromise();
    return data;
  });
  return null;
}
