// SPDX-License-Identifier: GPL-3.0-or-later
import { createRoot } from 'react-dom/client';
import './styles/theme.css';
import './styles/controls.css';
import './styles/forms.css';
import './styles/pages.css';
import './styles/storage.css';
import { App } from './view/app';
import { Application, ApplicationContext } from './view/application';

const application = new Application();
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
createRoot(root).render(
  <ApplicationContext value={application}>
    <App />
  </ApplicationContext>,
);
