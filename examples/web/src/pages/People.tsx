import { useState, type SyntheticEvent } from 'react';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { useText } from '../i18n/context';
import { Field } from '../parts/Field';
import { More } from '../parts/More';
import { Page } from '../parts/Page';
import { Empty, Failed, Loading } from '../parts/states';
import { UserLink } from '../parts/UserLink';

/** What is looked for stands in the address: going back from a profile finds it again. */
export function People() {
  const text = useText();
  const [params, setParams] = useSearchParams();
  const searched = params.get('q') ?? '';

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = (new FormData(event.currentTarget).get('q') as string).trim();
    setParams(q ? { q } : {});
  }

  return (
    <Page title={text.people.title}>
      <search>
        <form onSubmit={submit} className="card row">
          <Field
            key={searched}
            label={text.people.search}
            name="q"
            type="search"
            defaultValue={searched}
          />
          <button type="submit" className="main">
            {text.people.submit}
          </button>
        </form>
      </search>
      {searched ? <Found key={searched} searched={searched} /> : <Suggested />}
    </Page>
  );
}

const SearchUsersQuery = graphql(`
  query SearchUsers($text: String!, $after: String) {
    searchUsers(text: $text, first: 20, after: $after) {
      edges {
        cursor
        node {
          id
          ...UserLink
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** As the service counts: two characters, or one that is no ASCII. */
const isLongEnough = (text: string) => Array.from(text).length >= 2 || /[^\p{ASCII}]/u.test(text);

function Found({ searched }: { searched: string }) {
  const text = useText();
  const [after, setAfter] = useState<string>();
  const canSearch = isLongEnough(searched);
  const [{ data, error, fetching }, again] = useQuery({
    query: SearchUsersQuery,
    variables: { text: searched, after },
    pause: !canSearch,
  });
  const users = data?.searchUsers;
  if (!canSearch) return <Empty text={text.people.tooShort} />;
  return (
    <section>
      <h2>{text.people.found}</h2>
      {!users && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {users?.edges.length === 0 && <Empty text={text.people.none} />}
      <ul className="people">
        {users?.edges.map(({ node }) => (
          <li key={node.id} className="card">
            <UserLink user={node} origin="SEARCH" />
          </li>
        ))}
      </ul>
      {users && <More pageInfo={users.pageInfo} fetching={fetching} onMore={setAfter} />}
    </section>
  );
}

const SuggestedFriendsQuery = graphql(`
  query SuggestedFriends {
    viewer {
      suggestedFriends(first: 10) {
        edges {
          cursor
          node {
            mutualFriendCount
            user {
              id
              ...UserLink
            }
          }
        }
      }
    }
  }
`);

function Suggested() {
  const text = useText();
  const [{ data, error, fetching }, again] = useQuery({ query: SuggestedFriendsQuery });
  const edges = data?.viewer?.suggestedFriends.edges;
  return (
    <section>
      <h2>{text.people.suggested}</h2>
      {!edges && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {edges?.length === 0 && <Empty text={text.people.noSuggestions} />}
      <ul className="people">
        {edges?.map(({ cursor, node }) => (
          <li key={cursor} className="card">
            <UserLink user={node.user} origin="FRIEND_LIST" />
            <p className="meta">{text.people.inCommon(node.mutualFriendCount)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
