/**
 * The service itself, asked as another client would: for people who are not in a browser. Where the site's
 * takes the site's documents alone, another one of the same community takes these.
 */
const address = process.env.ASHIATO_TESTS_URL ?? process.env.ASHIATO_URL;
if (!address)
  throw new Error(
    'ASHIATO_URL is not set: give the address of a running service, such as http://127.0.0.1:8000, ' +
      'started with --max-sign-ins-per-minute 0 --max-sign-ups-per-hour 0, for the tests make many accounts.',
  );

export const PASSWORD = 'long enough 2006';

type Answer = { data: Record<string, unknown> | null; errors?: unknown };

export async function ask<Field>(query: string, variables: object, token?: string): Promise<Field> {
  const response = await fetch(new URL('/graphql', address), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Answer;
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as Field;
}

export type Person = { id: string; username: string; nickname: string; token: string };

let count = 0;
export const newName = () => `t${Date.now().toString(36)}${(count++).toString(36)}`;

/** Somebody new. */
export async function join(nickname: string): Promise<Person> {
  const username = newName();
  const { token, user } = await ask<{ token: string; user: { id: string } }>(
    `mutation ($input: SignUpInput!) { signUp(input: $input) { token user { id } } }`,
    { input: { username, nickname, password: PASSWORD, birthDate: '1986-04-01' } },
  );
  return { id: user.id, username, nickname, token };
}

export const visit = (visitor: Person, whom: Person) =>
  ask<{ leftFootprint: boolean }>(
    `mutation ($input: VisitProfileInput!) { visitProfile(input: $input) { leftFootprint } }`,
    { input: { userId: whom.id, origin: 'SEARCH' } },
    visitor.token,
  );

export const requestFriendship = (from: Person, to: Person, message = '') =>
  ask(
    `mutation ($input: RequestFriendshipInput!) { requestFriendship(input: $input) { becameFriends } }`,
    { input: { userId: to.id, message } },
    from.token,
  );

/** Requests that cross are a friendship. */
export async function befriend(one: Person, other: Person) {
  await requestFriendship(one, other);
  await requestFriendship(other, one);
}

export const writeDiary = (author: Person, title: string) =>
  ask(
    `mutation ($input: WriteDiaryInput!) { writeDiary(input: $input) { diary { id } } }`,
    { input: { title, body: `What ${title} is about.` } },
    author.token,
  );

export async function titlesOf(person: Person) {
  type Found = { user: { diaries: { nodes: { title: string }[] } } };
  const { user } = await ask<Found>(
    `{ viewer { user { diaries(first: 100) { nodes { title } } } } }`,
    {},
    person.token,
  );
  return user.diaries.nodes.map(({ title }) => title);
}

export const endAllSessions = (person: Person) =>
  ask(`mutation { signOutEverywhere(input: {}) { endedSessions } }`, {}, person.token);
