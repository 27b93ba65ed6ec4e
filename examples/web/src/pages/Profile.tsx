import { useState } from 'react';
import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { When } from '../i18n/When';
import { ProfileQuery, VisitProfile } from '../lists/visits';
import { DiarySummary } from '../parts/DiarySummary';
import { More } from '../parts/More';
import { Page } from '../parts/Page';
import { Alert, Empty, Failed, Loading } from '../parts/states';
import { FriendButton } from './FriendButton';
import { useVisit } from './useVisit';

const ProfilePageFragment = graphql(`
  fragment ProfilePage on User {
    id
    nickname
    username
    bio
    kind
    joinedAt
    friendCount
    viewerRelation
    photo {
      id
      url(size: MEDIUM)
    }
    ...FriendButton
    diaries(first: 10, after: $after) {
      edges {
        cursor
        node {
          id
          ...DiarySummary
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Another user is another page: nothing of the one before stays in it. */
export function ProfileOfAddress() {
  const { username = '' } = useParams();
  return <Profile key={username} username={username} />;
}

function Profile({ username }: { username: string }) {
  const text = useText();
  const visit = useVisit(VisitProfile, { username });
  const { ofWhole } = useProblemText();
  const [after, setAfter] = useState<string>();
  // After the visit: it has put into the cache what this reads.
  const [{ data, error, fetching }, again] = useQuery({
    query: ProfileQuery,
    variables: { username, after },
    pause: !visit,
  });
  const refused = visit?.payload?.userErrors.filter(({ code }) => code !== 'NOT_FOUND') ?? [];
  const user = data?.user;

  if (error && !user)
    return (
      <Page title={username}>
        <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />
      </Page>
    );
  if (!user)
    return visit && !fetching && data ? (
      <Page title={text.missing.title}>
        <Empty text={text.profile.missing} />
      </Page>
    ) : (
      <Loading />
    );
  return (
    <>
      {/* The page is shown also where no footprint could be left. */}
      <Alert text={refused.length > 0 ? ofWhole({ refused }) : undefined} />
      <Details
        user={user}
        leftFootprint={visit?.payload?.leftFootprint ?? false}
        fetching={fetching}
        onMore={setAfter}
      />
    </>
  );
}

type Props = {
  user: FragmentType<typeof ProfilePageFragment>;
  leftFootprint: boolean;
  fetching: boolean;
  onMore: (after: string) => void;
};

function Details({ user: masked, leftFootprint, fetching, onMore }: Props) {
  const text = useText();
  const user = readFragment(ProfilePageFragment, masked);
  const { edges, pageInfo } = user.diaries;
  return (
    <Page title={text.profile.title(user.nickname)}>
      <section className="card profile">
        {user.photo && <img src={user.photo.url} alt="" className="portrait" />}
        <p className="meta">
          <span>@{user.username}</span>
          {user.kind === 'TARENTO' && <span>{text.profile.tarento}</span>}
          <span>{text.profile.friends(user.friendCount)}</span>
          <Joined at={user.joinedAt} />
        </p>
        {user.bio && <p className="text">{user.bio}</p>}
        {user.viewerRelation === 'SELF' ? <p>{text.profile.you}</p> : <FriendButton user={user} />}
        {leftFootprint && <p className="hint">{text.profile.leftFootprint}</p>}
      </section>
      <h2>{text.profile.diaries}</h2>
      {edges.length === 0 && <Empty text={text.profile.noDiaries} />}
      {edges.map(({ node }) => (
        <DiarySummary key={node.id} diary={node} origin="DIARY" />
      ))}
      <More pageInfo={pageInfo} fetching={fetching} onMore={onMore} />
    </Page>
  );
}

/** The day stands within a sentence, whose order is the language's. */
function Joined({ at }: { at: string }) {
  const [before, after] = useText().profile.joined('|').split('|');
  return (
    <span>
      {before}
      <When at={at} day />
      {after}
    </span>
  );
}
