import { render } from 'preact';
import './page.css';
import { App } from './frame/app.js';
import { startLive } from './frame/live.js';

startLive();
render(<App />, document.getElementById('app')!);
