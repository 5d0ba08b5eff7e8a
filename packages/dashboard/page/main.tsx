import { render } from 'preact';

render(<h1>apf dashboard</h1>, document.getElementById('app')!);
