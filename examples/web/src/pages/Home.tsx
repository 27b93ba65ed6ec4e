import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { useText } from '../i18n/context';
import { DiarySummary } from '../parts/DiarySummary';
import { More } from '../parts/More';
import { Page } from '../parts/Page';
import { Empty, Failed, Loading } from '../parts/states';
import { UserLink } from '../parts/UserLink';

const HomeFeedQuery = graphql(`
  query HomeFeed($after: String) {
    viewer {
      homeFeed(first: 10, after: $after) {
        edges {
          cursor
          node {
            id
            ...DiarySummary
            author {
              id
              ...UserLink
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export function Home() {
  const text = useText();
  const [after, setAfter] = useState<string>();
  const [{ data, error, fetching }, again] = useQuery({
    query: HomeFeedQuery,
    variables: { after },
    // What was here before is shown at once, and what is new comes after it.
    requestPolicy: after === undefined ? 'cache-and-network' : 'cache-first',
  });
  const feed = data?.viewer?.homeFeed;
  return (
    <Page title={text.home.title}>
      {!feed && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {feed?.edges.length === 0 && (
        <Empty text={text.home.empty}>
          <p>{text.home.hint}</p>
          <Link to="/people">{text.home.find}</Link>
        </Empty>
      )}
      <div className="feed" aria-busy={fetching}>
        {feed?.edges.map(({ node }) => (
          <DiarySummary
            key={node.id}
            diary={node}
            origin="HOME"
            author={<UserLink user={node.author} origin="HOME" />}
          />
        ))}
      </div>
      {feed && <More pageInfo={feed.pageInfo} fetching={fetching} onMore={setAfter} />}
    </Page>
  );
}
