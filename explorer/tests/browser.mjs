import { chromium } from 'playwright-core';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const foreignRequests = [];
export const consoleErrors = [];
let browser;
let page;

export async function open(url) {
  browser = await chromium.launch({
    executablePath: process.env.ASHIATO_CHROMIUM ?? '/usr/bin/chromium',
    args: ARGS,
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const record = (request) => {
    const { protocol, host } = new URL(request.url());
    const leavesThePage = !['data:', 'blob:'].includes(protocol);
    if (leavesThePage && host !== new URL(url).host) foreignRequests.push(request.url());
  };
  context.on('request', record);
  page.on('websocket', record);
  page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  await page.goto(url);
  return page;
}

export const close = () => browser?.close();

export const tabs = () => page.locator('.graphiql-tab-button');

export async function openTab(name) {
  // By key: GraphiQL moves its tabs for a moment after one was closed, and loses clicks meanwhile.
  await tabs().getByText(name, { exact: true }).press('Enter');
  // It stores the change of tabs last, when the editors and the operation's name have followed.
  await page.waitForFunction((title) => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState')) ?? {};
    return tabs?.[activeTabIndex].title === title;
  }, name);
}

export const run = () => page.getByRole('button', { name: /^Execute query/ }).click();
export const button = (name) => page.getByRole('button', { name, exact: true });

const modelOf = (file) =>
  page.waitForFunction(
    (file) =>
      globalThis.__MONACO?.editor.getModels().find(({ uri }) => uri.path.endsWith(file)),
    file,
  );

export async function setEditor(file, text) {
  await (await modelOf(file)).evaluate((model, text) => model.setValue(text), text);
}

/** Waits until the editor's text has all the given parts, and returns it. */
export async function editorHas(file, ...parts) {
  const model = await modelOf(file);
  await page.waitForFunction(
    ([model, parts]) => parts.every((part) => model.getValue().includes(part)),
    [model, parts],
  );
  return model.evaluate((model) => model.getValue());
}
