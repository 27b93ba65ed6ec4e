import 'graphiql/setup-workers/vite';
import '@graphiql/react/font/roboto.css';
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './style.css';

import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { examples } from './examples.js';
import { fetcher } from './fetcher.js';
import { isFirstVisit, storage } from './storage.js';
import { TabAuthorization } from './authorization.js';
import { CompactEditors } from './CompactEditors.js';
import { signInPlugin } from './SignIn.jsx';
import footprints from './footprints.svg';

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={examples}
    defaultEditorToolsVisibility
    shouldPersistHeaders
    plugins={[signInPlugin, explorerPlugin(), HISTORY_PLUGIN]}
    visiblePlugin={isFirstVisit ? signInPlugin : undefined}
  >
    <GraphiQL.Logo>
      <span className="ashiato-logo">
        <img src={footprints} alt="" /> Ashiato
      </span>
    </GraphiQL.Logo>
    <TabAuthorization />
    <CompactEditors />
  </GraphiQL>,
);
