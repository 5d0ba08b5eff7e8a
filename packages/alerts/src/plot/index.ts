export { escapeMarkup, plainText } from './markup.js';
export { plotAlert, type PlotOptions } from './plot-alert.js';
export { plotAlertHtml } from './plot-alert-html.js';
export { plotAlertText, type TextPlotOptions } from './plot-alert-text.js';
export { PLOT_QUANTITIES, type PlotQuantity } from './plotted-points.js';
