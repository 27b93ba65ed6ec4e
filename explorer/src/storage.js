import { examples } from './examples.js';

// GraphiQL stores the open tab twice: among the tabs, and once more as loose texts. After a reload it takes any
// difference between the two for a new tab, so a tab that was just edited or closed comes back doubled. Here the
// loose texts are read from the tab, so that there is no difference. (On a first visit, the tab is the first example.)
const TABS = 'graphiql:tabState';
const LOOSE_TEXTS = {
  'graphiql:query': 'query',
  'graphiql:variables': 'variables',
  'graphiql:headers': 'headers',
};

export const isFirstVisit = localStorage.getItem(TABS) === null;

function openTab() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem(TABS));
    return tabs[activeTabIndex];
  } catch {
    return examples[0];
  }
}

const DEFAULTS = {
  'graphiql:docExplorerFlex': '0.25', // the panels' share of the width, beside the editors' 1
};

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'));

export const storage = {
  getItem(key) {
    if (key in LOOSE_TEXTS) return openTab()?.[LOOSE_TEXTS[key]] ?? null;
    return localStorage.getItem(key) ?? DEFAULTS[key] ?? null;
  },
  setItem(key, value) {
    if (!(key in LOOSE_TEXTS)) localStorage.setItem(key, value);
  },
  removeItem(key) {
    localStorage.removeItem(key);
  },
  clear() {
    for (const key of ownKeys()) localStorage.removeItem(key);
  },
  get length() {
    return ownKeys().length;
  },
};
