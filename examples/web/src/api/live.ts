import { createClient, type Client, type FormattedExecutionResult, type Sink } from 'graphql-ws';
import type { SubscriptionForwarder } from 'urql';
import { codeOf, retryAfterOf } from './errors';

const CLOSED_FOR_GOOD = [4401, 4403]; // the token is no longer good; its session has ended

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Resolves once the browser has a network again, at once where it has. */
const online = () =>
  new Promise<void>((done) => {
    if (navigator.onLine) done();
    else addEventListener('online', () => done(), { once: true });
  });

/** The socket for what happens live. It reconnects for as long as the session is good. */
export function openSocket(token: string, onUnauthenticated: () => void): Client {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = createClient({
    url: url.href,
    // The header that a browser cannot set on a websocket goes into the first message.
    connectionParams: { Authorization: `Bearer ${token}` },
    // Without a ping a socket whose network has gone looks open for many minutes.
    keepAlive: 15_000,
    retryAttempts: Infinity,
    retryWait: async (retries) => {
      await online();
      // Many clients that lost one server do not come back in the same moment.
      await sleep(Math.min(250 * 2 ** retries, 15_000) * (0.5 + Math.random() / 2));
    },
    shouldRetry: (event) => !CLOSED_FOR_GOOD.includes((event as CloseEvent).code),
    on: {
      closed: (event) => {
        if (CLOSED_FOR_GOOD.includes((event as CloseEvent).code)) onUnauthenticated();
      },
    },
  });
  // The browser knows before the socket does.
  const terminate = () => socket.terminate();
  addEventListener('offline', terminate);
  return {
    ...socket,
    dispose: () => {
      removeEventListener('offline', terminate);
      return socket.dispose();
    },
  };
}

type Payload = {
  query: string;
  operationName?: string;
  variables: Record<string, unknown>;
  extensions?: Record<string, unknown>;
};
type Edge = { cursor?: string } | null | undefined;

/**
 * Subscriptions that go on where they were. All of the service's take `after`, and give edges with a
 * `cursor`. graphql-ws subscribes again with the payload that it was given, by reference: with the
 * last cursor kept in there, what came while the socket was away arrives first, once, in order.
 */
export function resuming(socket: Client): SubscriptionForwarder {
  return (request) => ({
    subscribe(sink) {
      const payload: Payload = {
        query: request.query ?? '',
        operationName: request.operationName,
        variables: { ...(request.variables as Record<string, unknown> | undefined) },
        // The document's name, where it is sent by that.
        extensions: request.extensions as Record<string, unknown> | undefined,
      };
      let ended = false;
      let unsubscribe: (() => void) | undefined;
      const receive: Sink<FormattedExecutionResult> = {
        next(result) {
          const edge = Object.values(result.data ?? {})[0] as Edge;
          if (edge?.cursor) payload.variables.after = edge.cursor;
          sink.next(result);
        },
        error(errors) {
          const error = Array.isArray(errors) ? { graphQLErrors: errors } : undefined;
          // What was not delivered for want of points is delivered once there are some again.
          if (codeOf(error) === 'THROTTLED') {
            void sleep(1000 * (retryAfterOf(error) ?? 1)).then(() => {
              if (!ended) begin();
            });
          } else sink.error(errors);
        },
        complete: () => sink.complete(),
      };
      const begin = () => {
        unsubscribe = socket.subscribe(payload, receive);
      };
      begin();
      return {
        unsubscribe: () => {
          ended = true;
          unsubscribe?.();
        },
      };
    },
  });
}
