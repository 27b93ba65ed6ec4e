import { useCallback, useRef, useState } from 'react';
import { useClient, type CombinedError, type TypedDocumentNode } from 'urql';
import type { UserErrorCode } from '../gql/graphql';

export type UserError = { code: UserErrorCode; message: string; field?: string[] | null };

/** Why something was not done: refused for a reason that stands in the payload, or failed. */
export type Problem = { refused: UserError[] } | { failed: CombinedError };

type Payload = { userErrors: UserError[] };
type Answer<Data> = NonNullable<Data[keyof Data]>;

/** Any text will do; `crypto.randomUUID` is not there on a page that is read over plain HTTP. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/**
 * A mutation of one field whose input takes an `idempotencyKey`. The same input has the same key
 * until it was answered: so pressing the button again after the network failed does nothing twice,
 * whether the first attempt had arrived or not.
 *
 * `act` gives the payload, or null where nothing was done: then `problem` says why.
 */
export function useAction<
  Data extends Record<string, Payload | null | undefined> | { __typename?: 'Mutation' },
  Input extends { idempotencyKey?: string | null },
>(document: TypedDocumentNode<Data, { input: Input }>) {
  const client = useClient();
  const attempt = useRef<{ of: string; key: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const act = useCallback(
    async (input: Input): Promise<Answer<Data> | null> => {
      const of = JSON.stringify(input);
      if (attempt.current?.of !== of) attempt.current = { of, key: newKey() };
      const variables = { input: { ...input, idempotencyKey: attempt.current.key } };
      setBusy(true);
      setProblem(null);
      const { data, error } = await client.mutation(document, variables);
      setBusy(false);
      const [payload] = Object.values(data ?? {}) as (Payload | null | undefined)[];
      if (!payload) {
        if (error) setProblem({ failed: error });
        return null;
      }
      attempt.current = null;
      if (payload.userErrors.length > 0) {
        setProblem({ refused: payload.userErrors });
        return null;
      }
      return payload as unknown as Answer<Data>;
    },
    [client, document],
  );
  return { act, busy, problem };
}
