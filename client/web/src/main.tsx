// SPDX-License-Identifier: GPL-3.0-or-later
import { createRoot } from 'react-dom/client';
import './styles/theme.css';
import './styles/controls.css';
import './styles/forms.css';
import './styles/pages.css';
import './styles/storage.css';
import { shown_language } from './model/translation';
import { App } from './view/app';
import { Application, ApplicationContext } from './view/application';

const application = new Application();
const { preferences } = application;
const show_language = () => shown_language.show(preferences.settings['workbench.language']);
void application.account.load();

// Behind everything that the page itself needs; pages without TLS have none.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  addEventListener('load', () => {
    navigator.serviceWorker.register('/service_worker.js').catch(() => {
      // Without it the page needs the network, as any other.
    });
  });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const page = createRoot(root);
// Another language than English comes first, so that no words are seen twice.
void show_language().then(() => {
  preferences.subscribe(() => void show_language());
  addEventListener('languagechange', () => void show_language());
  page.render(
    <ApplicationContext value={application}>
      <App />
    </ApplicationContext>,
  );
});
