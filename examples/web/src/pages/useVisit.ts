import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { useClient, type CombinedError, type TypedDocumentNode } from 'urql';
import { newKey, type UserError } from '../api/useAction';
import type { VisitOrigin } from '../gql/graphql';

type Payload = { leftFootprint: boolean; userErrors: UserError[] };
type Visited = { payload: Payload | null; error: CombinedError | undefined };

/**
 * Leaves a footprint where this page is, once for each time that somebody comes to it, and says when
 * that is done. The key has React's second run of an effect, while developing, count as the same visit.
 */
export function useVisit<Data, Input extends { origin?: VisitOrigin | null }>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input,
) {
  const client = useClient();
  const { state } = useLocation() as { state: { origin?: VisitOrigin } | null };
  const [key] = useState(newKey);
  const [sent] = useState({ ...input, origin: state?.origin ?? 'LINK', idempotencyKey: key });
  const [visited, setVisited] = useState<Visited>();
  useEffect(() => {
    let left = false;
    void client.mutation(document, { input: sent }).then(({ data, error }) => {
      const [payload = null] = Object.values<Payload | null>(data ?? {});
      if (!left) setVisited({ payload, error });
    });
    return () => {
      left = true;
    };
  }, [client, document, sent]);
  return visited;
}
