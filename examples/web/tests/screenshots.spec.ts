import { ask, visit, type Person } from './service';
import { footprints, said, test, expect } from './site';

/*
 * The pictures of the README, anew: with ASHIATO_SCREENSHOTS=1, on a service that was just started
 * with --demo.
 */
test.skip(!process.env.ASHIATO_SCREENSHOTS, 'pictures are taken on purpose');

const signIn = async (username: string): Promise<Person> => {
  const { token, user } = await ask<{ token: string; user: { id: string; nickname: string } }>(
    `mutation ($input: SignInInput!) { signIn(input: $input) { token user { id nickname } } }`,
    { input: { username, password: 'footprints-2006' } },
  );
  return { username, token, ...user };
};

test('pictures of the pages', async ({ open }) => {
  const hanako = await signIn('hanako');
  const taro = await signIn('taro');
  const ja = { locale: 'ja-JP', timezoneId: 'Asia/Tokyo', as: hanako } as const;
  const en = { locale: 'en-GB', timezoneId: 'Asia/Tokyo', as: hanako } as const;
  const shot = (name: string) => ({ path: `docs/${name}.png` });

  const home = await open('/', { ...ja, colorScheme: 'light' });
  await expect(home.getByRole('article')).toHaveCount(10);
  await home.waitForLoadState('networkidle');
  await home.screenshot(shot('home-ja-light'));

  const profile = await open('/users/taro', { ...en, colorScheme: 'light' });
  await expect(profile.getByRole('article').first()).toBeVisible();
  await profile.waitForLoadState('networkidle');
  await profile.screenshot(shot('profile-en-light'));

  const diary = await open('/diaries', { ...en, colorScheme: 'dark' });
  await diary.getByLabel('Title').fill('A long way home');
  await diary.getByLabel('Text', { exact: true }).fill('By the river, where the lights are.');
  await diary.screenshot(shot('diary-en-dark'));

  const live = await open('/footprints', { ...ja, colorScheme: 'dark' });
  await expect(footprints(live).first()).toBeVisible();
  await visit(taro, hanako);
  await expect(said(live)).toHaveText(/足あと/);
  await live.waitForTimeout(500);
  await live.screenshot(shot('footprints-ja-dark'));
});
