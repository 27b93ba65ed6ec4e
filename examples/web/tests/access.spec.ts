import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { befriend, join, PASSWORD, requestFriendship, visit, writeDiary } from './service';
import { expect, footprints, test } from './site';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All that axe knows of WCAG 2.2 AA and good practice. */
async function violations(page: Page) {
  // Not as a script element: the page's policy forbids those.
  await page.evaluate(axe);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    return axe.run();
  });
  return results.violations.map(({ id, nodes }) => ({ id, html: nodes.map(({ html }) => html) }));
}

async function community() {
  const [hana, taro, ume] = await Promise.all([join('花子'), join('Taro'), join('Ume')]);
  await befriend(hana, taro);
  await writeDiary(taro, 'A walk');
  await requestFriendship(ume, hana, 'Hello.');
  await visit(taro, hana);
  return { hana, taro };
}

for (const { locale, lang, colorScheme, title } of [
  { locale: 'ja-JP', lang: 'ja', colorScheme: 'light', title: '足あと' },
  { locale: 'en-GB', lang: 'en', colorScheme: 'dark', title: 'Footprints' },
] as const)
  test(`every page is for everybody: ${lang}, ${colorScheme}`, async ({ open }) => {
    const { hana, taro } = await community();
    // Also as those want it who bear no movement: nothing is half-way there when it is looked at.
    const look = { locale, colorScheme, reducedMotion: 'reduce' } as const;
    const nobody = await open('/sign-in', look);
    for (const path of ['/sign-in', '/sign-up', '/nowhere']) {
      await nobody.goto(new URL(path, nobody.url()).href);
      await expect(nobody.getByRole('heading', { level: 1 })).toBeVisible();
      if (path === '/sign-up') await expect(nobody.locator('input')).toHaveCount(4);
      expect({ path, found: await violations(nobody) }).toEqual({ path, found: [] });
    }

    const page = await open('/', { ...look, as: hana });
    await page.locator('.feed').getByRole('heading').getByRole('link').waitFor();
    const diary = await page.getByRole('link', { name: 'A walk' }).getAttribute('href');
    const paths = ['/', '/diaries', diary, '/people', '/people?q=Taro', '/requests', '/footprints'];
    for (const path of [...paths, `/users/${taro.username}`]) {
      await page.goto(new URL(path ?? '', page.url()).href);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('.loading')).toHaveCount(0);
      expect({ path, found: await violations(page) }).toEqual({ path, found: [] });
      // No page is wider than the smallest of phones.
      await page.setViewportSize({ width: 320, height: 640 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ path, wide }).toEqual({ path, wide: 320 });
      await page.setViewportSize({ width: 390, height: 844 });
    }
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await page.goto(new URL('/footprints', page.url()).href);
    await expect(page).toHaveTitle(`${title} – Ashiato`);
  });

test('the language can be changed, and stays', async ({ open }) => {
  const page = await open('/sign-in', { locale: 'fr-FR' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await page.getByRole('button', { name: '日本語' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ログイン');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ログイン');
  await expect(page.getByRole('button', { name: 'English' })).toBeVisible();
});

test('all of it by keyboard alone', async ({ open }) => {
  const { hana, taro } = await community();
  const page = await open('/');
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Tabs on until what has the focus is called so: it must be reached by Tab, within two rounds of the page. */
  async function tabTo(name: string | RegExp) {
    for (let tries = 0; tries < 60; tries += 1) {
      await press('Tab');
      const label = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return (
          element?.ariaLabel ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ''
        );
      });
      if (typeof name === 'string' ? label.trim() === name : name.test(label)) return;
    }
    throw new Error(`${String(name)} is not reached by Tab`);
  }

  await expect(page.getByLabel('User name')).toBeVisible();
  await tabTo('User name');
  await page.keyboard.type(hana.username);
  await tabTo('Password');
  await page.keyboard.type(PASSWORD);
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What your friends write');

  // The first stop is the way past what is on every page.
  await page.reload();
  await expect(page.locator('.feed').getByRole('article')).toHaveCount(1);
  await press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await press('Enter', 'Tab');
  await expect(page.getByRole('link', { name: 'Taro' })).toBeFocused();

  // A change of pages takes the focus along, to the heading of the new one.
  await press('Tab', 'Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A walk');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo('Your comment');
  await page.keyboard.type('Where to?');
  await press('Tab', 'Enter');
  await expect(page.locator('.comments li')).toContainText(['Where to?']);

  await tabTo(/^Requests 1 new/);
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo('Accept: Ume');
  await press('Enter');
  await expect(page.getByText('You and Ume are friends now.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  await tabTo(/^Footprints/);
  await press('Enter');
  await expect(footprints(page)).toHaveText(['Taro']);
  await tabTo('TTaro');
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Taro’s page');
  await expect(page).toHaveURL(new RegExp(`${taro.username}$`));
  await tabTo('Sign out');
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});
