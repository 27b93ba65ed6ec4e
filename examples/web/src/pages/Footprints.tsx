import { useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { newKey } from '../api/useAction';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useLanguage, useText } from '../i18n/context';
import { When } from '../i18n/When';
import { FootprintsQuery } from '../lists/footprints';
import { More } from '../parts/More';
import { Page } from '../parts/Page';
import { Empty, Failed, Loading } from '../parts/states';
import { UserLink } from '../parts/UserLink';
import { BadgesQuery } from '../shell/Live';

const MarkFootprintsSeen = graphql(`
  mutation MarkFootprintsSeen($input: MarkFootprintsSeenInput!) {
    markFootprintsSeen(input: $input) {
      newFootprintCount
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function Footprints() {
  const { language, text } = useLanguage();
  const client = useClient();
  const [after, setAfter] = useState<string>();
  // From the cache first: it is kept whole by what arrives live, wherever one is.
  const [{ data, error, fetching }, again] = useQuery({
    query: FootprintsQuery,
    variables: { after },
  });
  const [{ data: badges }] = useQuery({ query: BadgesQuery });
  const footprints = data?.viewer?.footprints;
  const newest = footprints?.edges[0]?.cursor;

  // Which are new stays on the screen after they have been marked as seen.
  const newCount = badges?.viewer?.newFootprintCount ?? 0;
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const found = footprints?.edges.slice(0, newCount).filter(({ cursor }) => !fresh.has(cursor));
  if (found && found.length > 0)
    setFresh(new Set([...fresh, ...found.map(({ cursor }) => cursor)]));

  useEffect(() => {
    if (newest === undefined || newCount === 0) return;
    const input = { upTo: newest, idempotencyKey: newKey() };
    void client.mutation(MarkFootprintsSeen, { input }).toPromise();
  }, [client, newest, newCount]);

  return (
    <Page
      title={text.footprints.title}
      aside={
        badges?.viewer && (
          <p className="meta">
            {text.footprints.visits(badges.viewer.visitCount.toLocaleString(language))}
          </p>
        )
      }
    >
      {!footprints && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {footprints?.edges.length === 0 && (
        <Empty text={text.footprints.empty}>
          <p>{text.footprints.hint}</p>
        </Empty>
      )}
      <ol className="footprints">
        {footprints?.edges.map(({ cursor, node }) => (
          // The key has one that moves up be shown as what arrives.
          <Row key={cursor} footprint={node} isNew={fresh.has(cursor)} />
        ))}
      </ol>
      {footprints && <More pageInfo={footprints.pageInfo} fetching={fetching} onMore={setAfter} />}
    </Page>
  );
}

const FootprintRowFragment = graphql(`
  fragment FootprintRow on Footprint {
    id
    visitedAt
    origin
    visitor {
      id
      ...UserLink
    }
  }
`);

type Props = { footprint: FragmentType<typeof FootprintRowFragment>; isNew: boolean };

function Row({ footprint, isNew }: Props) {
  const text = useText();
  const { visitedAt, origin, visitor } = readFragment(FootprintRowFragment, footprint);
  return (
    <li className={isNew ? 'card new' : 'card'}>
      {visitor ? <UserLink user={visitor} origin="FOOTPRINTS" /> : <p>{text.footprints.unnamed}</p>}
      <p className="meta">
        <When at={visitedAt} />
        {origin && <span>{text.footprints.origins[origin]}</span>}
        {isNew && <strong>{text.footprints.isNew}</strong>}
      </p>
    </li>
  );
}
