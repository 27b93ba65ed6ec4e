import { useState } from 'react';
import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useText } from '../i18n/context';
import { When } from '../i18n/When';
import { DiaryQuery, VisitDiary } from '../lists/visits';
import { Page } from '../parts/Page';
import { Empty, Failed, Loading } from '../parts/states';
import { UserLink } from '../parts/UserLink';
import { Comments } from './Comments';
import { useVisit } from './useVisit';

const DiaryPageFragment = graphql(`
  fragment DiaryPage on Diary {
    id
    title
    body
    audience
    createdAt
    photos {
      id
      url(size: MEDIUM)
    }
    author {
      id
      ...UserLink
    }
    ...CommentList
  }
`);

export function DiaryOfAddress() {
  const { id = '' } = useParams();
  return <DiaryPage key={id} id={id} />;
}

function DiaryPage({ id }: { id: string }) {
  const text = useText();
  const visit = useVisit(VisitDiary, { diaryId: id });
  const [after, setAfter] = useState<string>();
  const [{ data, error, fetching }, again] = useQuery({
    query: DiaryQuery,
    variables: { id, after },
    pause: !visit,
  });
  const diary = data?.node?.__typename === 'Diary' ? data.node : null;

  if (error && !diary)
    return (
      <Page title={text.nav.diaries}>
        <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />
      </Page>
    );
  if (!diary)
    return visit && !fetching && data ? (
      <Page title={text.missing.title}>
        <Empty text={text.diary.missing} />
      </Page>
    ) : (
      <Loading />
    );
  return <Details diary={diary} fetching={fetching} onMore={setAfter} />;
}

type Props = {
  diary: FragmentType<typeof DiaryPageFragment>;
  fetching: boolean;
  onMore: (after: string) => void;
};

function Details({ diary: masked, fetching, onMore }: Props) {
  const text = useText();
  const diary = readFragment(DiaryPageFragment, masked);
  return (
    <Page title={diary.title}>
      <article className="card">
        <UserLink user={diary.author} origin="DIARY" />
        <p className="text">{diary.body}</p>
        {diary.photos.length > 0 && (
          <div className="photos">
            {diary.photos.map(({ id, url }) => (
              <img key={id} src={url} alt="" />
            ))}
          </div>
        )}
        <p className="meta">
          <When at={diary.createdAt} />
          <span>{text.diaries.audiences[diary.audience]}</span>
        </p>
      </article>
      <Comments diary={diary} fetching={fetching} onMore={onMore} />
    </Page>
  );
}
