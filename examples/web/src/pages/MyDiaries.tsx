import { useState } from 'react';
import { useQuery } from 'urql';
import { useText } from '../i18n/context';
import { MyDiariesQuery } from '../lists/diaries';
import { DiarySummary } from '../parts/DiarySummary';
import { More } from '../parts/More';
import { Page } from '../parts/Page';
import { Empty, Failed, Loading } from '../parts/states';
import { WriteDiary } from './WriteDiary';

export function MyDiaries() {
  const text = useText();
  const [after, setAfter] = useState<string>();
  const [{ data, error, fetching }, again] = useQuery({
    query: MyDiariesQuery,
    variables: { after },
  });
  const diaries = data?.viewer?.user.diaries;
  return (
    <Page title={text.diaries.title}>
      <WriteDiary />
      {!diaries && fetching && <Loading />}
      {error && <Failed error={error} again={() => again({ requestPolicy: 'network-only' })} />}
      {diaries?.edges.length === 0 && <Empty text={text.diaries.empty} />}
      {diaries?.edges.map(({ node }) => (
        <DiarySummary key={node.id} diary={node} origin="DIARY" />
      ))}
      {diaries && <More pageInfo={diaries.pageInfo} fetching={fetching} onMore={setAfter} />}
    </Page>
  );
}
