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

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <ApplicationContext value={application}>
    <App />
  </ApplicationContext>,
);
