import { useEffect, useRef } from 'react';
import {
  pick,
  tryParseJSONC,
  useGraphiQL,
  useGraphiQLActions,
  useHeadersEditorState,
} from '@graphiql/react';
import { onSessionBegun } from './fetcher.js';

const NAME = 'Authorization';
const isAuthorization = ([name]) => name.toLowerCase() === NAME.toLowerCase();

function authorizationIn(headers) {
  try {
    return Object.entries(tryParseJSONC(headers ?? '') ?? {}).find(isAuthorization)?.[1];
  } catch {
    return undefined;
  }
}

function withAuthorization(headers, authorization) {
  try {
    const others = Object.entries(tryParseJSONC(headers ?? '') ?? {}).filter(
      (header) => !isAuthorization(header),
    );
    const all = authorization ? [[NAME, authorization], ...others] : others;
    return all.length > 0 ? JSON.stringify(Object.fromEntries(all), null, 2) : '';
  } catch {
    return headers; // half-typed JSON is the user's to finish
  }
}

const selectTabs = pick('tabs', 'activeTabIndex', 'headerEditor');

/** The open tab's Authorization header, and a function that sets or removes it in all tabs. */
export function useAuthorization() {
  const { moveTab, updateActiveTabValues } = useGraphiQLActions();
  const state = useGraphiQL(selectTabs);
  const latest = useRef(state);
  latest.current = state;
  const [openHeaders] = useHeadersEditorState();

  function setAuthorization(authorization) {
    const { tabs, activeTabIndex, headerEditor } = latest.current;
    // GraphiQL has no action that edits a tab in the background. One that orders the tabs anew takes changed
    // ones too, as long as the open tab stays the same object: that one is changed by itself.
    moveTab(
      tabs.map((tab, index) =>
        index === activeTabIndex
          ? tab
          : { ...tab, headers: withAuthorization(tab.headers, authorization) },
      ),
    );
    const headers = withAuthorization(openHeaders, authorization);
    updateActiveTabValues({ headers });
    headerEditor.setValue(headers);
  }

  return [authorizationIn(openHeaders), setAuthorization];
}

/** Gives all tabs the token of a session that one of them began, and one that was just opened what the others have. */
export function TabAuthorization() {
  const [, setAuthorization] = useAuthorization();
  const latest = useRef(setAuthorization);
  latest.current = setAuthorization;
  useEffect(() => onSessionBegun((token) => latest.current(`Bearer ${token}`)), []);

  const { tabs, activeTabIndex, headerEditor } = useGraphiQL(selectTabs);
  const { id, headers } = tabs[activeTabIndex];

  useEffect(() => {
    const authorization = tabs.map((tab) => authorizationIn(tab.headers)).find(Boolean);
    if (headerEditor && headers === null && authorization)
      headerEditor.setValue(withAuthorization('', authorization));
  }, [id, headerEditor]);

  return null;
}
