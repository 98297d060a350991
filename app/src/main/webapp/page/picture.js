// The picture: ILBs above, what they own in the middle, servers below. Widths are shares of what is owned and served.
//
// Everything is drawn for the width that there is: boxes with names while they fit, then columns, then one small cell for each
// server, so that 64 ILBs and 1,000 servers are still one picture. Tables tell the same in words.

import { html, svg } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import { bits, percent, plural, rate, short, whole } from "./format.js";
import { takers } from "./model.js";

const BOX = { top: 34, height: 78, gap: 36, widest: 168, roomy: 92 };
const BAR = { top: 194, height: 46 };
const SERVERS = { top: 328, height: 78, gap: 36, widest: 168, roomy: 104, cells: 13, cellsHeight: 118, cell: 14 };
const SEGMENT = { gap: 6, narrowest: 44 };
const COLOURS = 6;

/** Shares a length out by weights, no part shorter than some length; all alike where there is no weight at all. */
function shareOut(length, weights, shortest) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const least = Math.min(shortest, length / Math.max(1, weights.length));
  const rest = length - least * weights.length;
  return weights.map((weight) => least + (total ? (rest * weight) / total : rest / weights.length));
}

/** Places boxes in a row, centred in a stretch. */
function row(count, left, width, size) {
  const gap = Math.min(size.gap, (width / count > 2 * size.roomy ? 0.3 : 0.1) * (width / count));
  const each = Math.max(1, Math.min(size.widest, (width - gap * (count - 1)) / count));
  const start = left + (width - each * count - gap * (count - 1)) / 2;
  return Array.from({ length: count }, (_, index) => ({ x: start + index * (each + gap), width: each }));
}

/** A band that flows from one horizontal stretch down to another. */
function band(x1, w1, y1, x2, w2, y2) {
  const middle = (y1 + y2) / 2;
  const n = (value) => value.toFixed(1);
  return `M${n(x1)} ${y1}C${n(x1)} ${middle} ${n(x2)} ${middle} ${n(x2)} ${y2}H${n(x2 + w2)}C${n(x2 + w2)} ${middle} ${n(x1 + w1)} ${middle} ${n(x1 + w1)} ${y1}Z`;
}

/** A text cut to what fits a width, in letters of about that size. */
const fit = (text, width, letter) => (text.length * letter <= width ? text : `${text.slice(0, Math.max(1, Math.floor(width / letter) - 1))}…`);

/** How much goes on, in as many words as fit a width. */
function pace({ beginning, flow }, width) {
  if (beginning === undefined) return flow === undefined ? "" : fit(bits(flow), width, 6);
  const long = `${rate(beginning)} new/s · ${bits(flow)}`;
  return long.length * 6 <= width ? long : fit(`${rate(beginning)} new/s`, width, 6);
}

const pressed = (action) => (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    action();
  }
};

function ilbWords(ilb) {
  const absence = ilb.state === "in" ? "in" : ilb.state;
  return `ILB ${ilb.name}: ${absence}; owns ${whole(ilb.owned)} (${percent(ilb.share, 1)}), backs up ${whole(ilb.backedUp)}, ${plural(ilb.rules, "rule")}; ${rate(ilb.beginning)} new a second, receives ${bits(ilb.flow)}`;
}

function serverWords(server) {
  const what = server.buckets === undefined ? plural(server.connections, "connection") : plural(server.buckets, "bucket");
  const parts = [
    `Server ${server.name} of ${server.service}`,
    server.backup ? "backup" : `weight ${server.weight}`,
    `${what} (${percent(server.share, 1)})`,
    server.buckets === undefined ? `${rate(server.beginning)} new a second, ${bits(server.flow)}` : bits(server.flow),
  ];
  if (server.health !== "unchecked") parts.push(`health: ${server.health}${server.down?.reason ? ` (${server.down.reason})` : ""}`);
  if (server.unplaced) parts.push("not found in the network yet");
  return `${parts[0]}: ${server.condition}; ${parts.slice(1).join(", ")}`;
}

function ilbBox(ilb, place, most, act) {
  const roomy = place.width >= BOX.roomy;
  const level = most ? ilb.owned / most : 0;
  const body = svg`<rect class="box" x=${place.x} y=${BOX.top} width=${place.width} height=${BOX.height} rx=${roomy ? 8 : 2}></rect>`;
  const inside = roomy
    ? svg`<circle class="dot" cx=${place.x + 14} cy=${BOX.top + 17} r="4.5"></circle>
        <text class="name" x=${place.x + 24} y=${BOX.top + 21}>${fit(ilb.name, place.width - 30, 7)}</text>
        <text class="number" x=${place.x + 12} y=${BOX.top + 45}>${ilb.state === "in" ? percent(ilb.share, 1) : ilb.state}</text>
        <text class="aside" x=${place.x + place.width - 10} y=${BOX.top + 45} text-anchor="end">${short(ilb.owned)}</text>
        <text class="aside" x=${place.x + 12} y=${BOX.top + 62}>${pace(ilb, place.width - 20)}</text>
        <rect class="level" x=${place.x + 10} y=${BOX.top + BOX.height - 8} height="3" rx="1.5" width=${Math.max(0, (place.width - 20) * level)}></rect>`
    : svg`<rect class="level" x=${place.x} y=${BOX.top + BOX.height * (1 - level)} width=${place.width} height=${BOX.height * level} rx="2"></rect>
        <circle class="dot" cx=${place.x + place.width / 2} cy=${BOX.top - 9} r=${Math.min(3.5, place.width / 2)}></circle>`;
  return svg`<g class="ilb ${ilb.state}" data-ilb=${ilb.name} tabindex=${roomy ? 0 : -1} role="button" aria-label=${ilbWords(ilb)}
      @click=${() => act.showIlb(ilb)} @keydown=${pressed(() => act.showIlb(ilb))}><title>${ilbWords(ilb)}</title>${body}${inside}</g>`;
}

function ilbRow(model, width, bar, act) {
  const places = row(model.ilbs.length, 0, width, BOX);
  const most = Math.max(...model.ilbs.map((ilb) => ilb.owned), 0);
  let from = bar.x;
  const bands = model.ilbs.map((ilb, index) => {
    const thick = ilb.share * bar.width;
    const start = from;
    from += thick;
    const top = Math.min(thick, places[index].width * 0.86);
    return svg`<path class="band ${ilb.state}" d=${thick < 0.2 ? "" : band(places[index].x + (places[index].width - top) / 2, top, BOX.top + BOX.height, start, thick, BAR.top)}></path>`;
  });
  return svg`<g>${bands}</g><g>${repeat(
    model.ilbs.map((ilb, index) => [ilb, places[index]]),
    ([ilb]) => ilb.name,
    ([ilb, place]) => ilbBox(ilb, place, most, act),
  )}</g>`;
}

function serverBox(server, place, most, colour, act) {
  const roomy = place.width >= SERVERS.roomy;
  const level = most ? server.load / most : 0;
  const body = svg`<rect class="box" x=${place.x} y=${SERVERS.top} width=${place.width} height=${SERVERS.height} rx=${roomy ? 8 : 2}></rect>`;
  const inside = roomy
    ? svg`<circle class="dot" cx=${place.x + 14} cy=${SERVERS.top + 17} r="4.5"></circle>
        <text class="name" x=${place.x + 24} y=${SERVERS.top + 21}>${fit(server.name, place.width - 30, 6.6)}</text>
        <text class="number" x=${place.x + 12} y=${SERVERS.top + 45}>${server.condition === "up" ? percent(server.share, 1) : server.condition}</text>
        <text class="aside" x=${place.x + place.width - 10} y=${SERVERS.top + 45} text-anchor="end">${short(server.load)}</text>
        <text class="aside" x=${place.x + 12} y=${SERVERS.top + 62}>${pace(server, place.width - 20)}</text>
        <rect class="level" x=${place.x + 10} y=${SERVERS.top + SERVERS.height - 8} height="3" rx="1.5" width=${Math.max(0, (place.width - 20) * level)}></rect>`
    : svg`<rect class="level" x=${place.x} y=${SERVERS.top + SERVERS.height * (1 - level)} width=${place.width} height=${SERVERS.height * level} rx="2"></rect>
        <circle class="dot" cx=${place.x + place.width / 2} cy=${SERVERS.top + SERVERS.height + 8} r=${Math.min(3.5, place.width / 2)}></circle>`;
  return svg`<g class="server ${server.condition} c${colour}" data-server=${server.name} tabindex=${roomy ? 0 : -1} role="button" aria-label=${serverWords(server)}
      @click=${() => act.showServer(server)} @keydown=${pressed(() => act.showServer(server))}><title>${serverWords(server)}</title>${body}${inside}</g>`;
}

/** Many servers: one cell each, in columns; how full it is says how much of the busiest one's load it has. */
function cells(service, left, width, most, colour, act) {
  const count = service.servers.length;
  let size = SERVERS.cell;
  while (size > 4 && Math.floor(width / size) * Math.floor(SERVERS.cellsHeight / size) < count) size -= 0.5;
  const rows = Math.max(1, Math.floor(SERVERS.cellsHeight / size));
  const columns = Math.ceil(count / rows);
  const start = left + (width - columns * size) / 2;
  const edge = size > 7 ? 2 : 1;
  const show = (event) => {
    const server = service.servers[event.target.closest("[data-index]")?.dataset.index];
    if (server) act.showServer(server);
  };
  return {
    x: start,
    width: columns * size,
    picture: svg`<g class="cells c${colour}" @click=${show}>${service.servers.map((server, index) => {
      const x = start + Math.floor(index / rows) * size;
      const y = SERVERS.top + (index % rows) * size;
      const inner = size - edge;
      const level = most ? server.load / most : 0;
      return svg`<g class="cell ${server.condition}" data-index=${index}><title>${serverWords(server)}</title>
        <rect class="box" x=${x} y=${y} width=${inner} height=${inner}></rect>
        <rect class="level" x=${x} y=${y + inner * (1 - level)} width=${inner} height=${inner * level}></rect>
        <path class="cross" d=${server.condition === "down" ? `M${x + 1.5} ${y + 1.5}l${inner - 3} ${inner - 3}m0 ${3 - inner}l${3 - inner} ${inner - 3}` : ""}></path></g>`;
    })}</g>`,
  };
}

function serviceGroup(service, segment, left, width, act) {
  const colour = service.index % COLOURS;
  const most = Math.max(...service.servers.map((server) => server.load), 0);
  const bottom = BAR.top + BAR.height;
  const few = width / service.servers.length >= SERVERS.cells;
  let below;
  if (few) {
    const places = row(service.servers.length, left, width, SERVERS);
    let from = segment.x;
    const bands = service.servers.map((server, index) => {
      const thick = server.share * segment.width;
      const start = from;
      from += thick;
      const end = Math.min(thick, places[index].width * 0.86);
      return svg`<path class="band ${server.condition}" d=${thick < 0.2 ? "" : band(start, thick, bottom, places[index].x + (places[index].width - end) / 2, end, SERVERS.top)}></path>`;
    });
    below = svg`<g class="c${colour}">${bands}</g>${service.servers.map((server, index) => serverBox(server, places[index], most, colour, act))}`;
  } else {
    const drawn = cells(service, left, width, most, colour, act);
    below = svg`<g class="c${colour}"><path class="band" d=${service.load ? band(segment.x, segment.width, bottom, drawn.x, drawn.width, SERVERS.top - 6) : ""}></path></g>${drawn.picture}`;
  }
  const unit = service.granularity === "buckets" ? "bucket" : "connection";
  const words = `${service.name}, ${service.endpoint}: ${plural(service.load, unit)}, ${takers(service, "new connections")}`;
  return svg`<g class="service c${colour}"><title>${words}</title>
      <rect class="segment" x=${segment.x} y=${BAR.top} width=${segment.width} height=${BAR.height} rx="6"></rect>
      <text class="name" x=${segment.x + segment.width / 2} y=${BAR.top + 20} text-anchor="middle">${fit(service.name, segment.width - 8, 7.4)}</text>
      <text class="aside" x=${segment.x + segment.width / 2} y=${BAR.top + 36} text-anchor="middle">${fit(`${short(service.load)} ${segment.width > 190 ? `${service.load === 1 ? unit : `${unit}s`} · ${service.endpoint}` : ""}`.trim(), segment.width - 8, 6.2)}</text></g>${below}`;
}

/** The picture in a given width; `act` shows an ILB or a server in the tables. */
export function picture(model, width, act) {
  const { services } = model;
  const barWidth = Math.max(200, Math.min(width, 0.72 * width));
  const bar = { x: (width - barWidth) / 2, width: barWidth };
  const segments = shareOut(bar.width - SEGMENT.gap * Math.max(0, services.length - 1), services.map((service) => service.load), SEGMENT.narrowest);
  // Servers get room by their number, so that each has about the same.
  const rooms = shareOut(width - 24 * Math.max(0, services.length - 1), services.map((service) => Math.min(service.servers.length, 400)), 30);
  let [x, left] = [bar.x, 0];
  const many = services.some((service, index) => rooms[index] / service.servers.length < SERVERS.cells);
  const height = services.length ? SERVERS.top + (many ? SERVERS.cellsHeight : SERVERS.height) + 16 : BOX.top + BOX.height + 8;
  const groups = services.map((service, index) => {
    const drawn = serviceGroup(service, { x, width: segments[index] }, left, rooms[index], act);
    x += segments[index] + SEGMENT.gap;
    left += rooms[index] + 24;
    return drawn;
  });
  const inside = model.ilbs.filter((ilb) => ilb.in).length;
  return html`<svg class="picture" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="group"
      aria-label="${inside} of ${plural(model.ilbs.length, "ILB")} in, ${plural(services.length, "service")}, ${plural(model.servers.length, "server")}">
      <text class="caption" x="0" y="12">ILBs, by what they own</text>
      ${ilbRow(model, width, bar, act)}
      ${groups}
    </svg>`;
}

/** What the colours mean. */
export function legend() {
  const entries = ["up", "draining", "disabled", "down", "unknown"];
  return html`<ul class="legend" aria-label="What the colours mean">${entries.map((name) => html`<li class=${name}><span class="swatch" aria-hidden="true"></span>${name}</li>`)}</ul>`;
}
