// Small charts of the last minutes.

import { html, svg } from "../lib/lit-html/lit-html.js";

const SHORTEST = 60 * 1000;

/** A line with the area beneath it; the text beside it says the last value, so the chart itself is silent. */
export function spark(points, width = 150, height = 34) {
  if (points.length < 2) return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true"></svg>`;
  const end = points.at(-1)[0];
  const span = Math.max(SHORTEST, end - points[0][0]);
  const most = Math.max(...points.map(([, value]) => value), 1);
  const place = ([at, value]) => `${(width - ((end - at) / span) * width).toFixed(1)} ${(height - 2 - (value / most) * (height - 5)).toFixed(1)}`;
  const line = points.map(place).join("L");
  const first = place(points[0]).split(" ")[0];
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<path class="area" d=${`M${first} ${height}L${line}L${width} ${height}Z`}></path><path class="line" d=${`M${line}`}></path>`}
    </svg>`;
}
