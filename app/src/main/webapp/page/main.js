// The page: header, figures, picture, and tables behind tabs. Drawn anew with each status, once a second.

import { html, render } from "../lib/lit-html/lit-html.js";
import { spark } from "./charts.js";
import { Connections } from "./connections.js";
import { bits, plural, rate, short, whole } from "./format.js";
import { Model, takesNew } from "./model.js";
import { legend, picture } from "./picture.js";
import { listen } from "./stream.js";
import { ilbsTable, ServersTable, servicesTable } from "./tables.js";
import { Timeline } from "./timeline.js";

const app = document.getElementById("app");
const TABS = { servers: "Servers", services: "Services", ilbs: "ILBs", connections: "Connections", membership: "Membership" };
const STATES = { connecting: "connecting…", live: "live", paused: "paused", lost: "connection lost; trying again" };
const NARROWEST = 320;

const model = new Model();
const servers = new ServersTable(draw);
const connections = new Connections(draw);
const timeline = new Timeline(draw);
let link = "connecting";
let tab = TABS[location.hash.slice(1)] ? location.hash.slice(1) : "servers";
let width = 0;
let due = false;

const act = {
  showIlb: (ilb) => select("ilbs", `[data-ilb="${CSS.escape(ilb.name)}"]`),
  showServer: (server) => {
    servers.show(server.name);
    select("servers", `tr[data-server="${CSS.escape(server.name)}"]`);
  },
  showService: (service) => {
    servers.show(service.name);
    select("servers");
  },
  showConnections: (filter) => {
    connections.search(filter);
    select("connections");
  },
};

/** Opens a tab, and shows a row of its table. */
function select(name, row) {
  tab = name;
  history.replaceState(null, "", `#${name}`);
  if (name === "connections") connections.refresh();
  draw();
  requestAnimationFrame(() => {
    const found = row && document.querySelector(`#panel ${row}`);
    found?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    found?.classList.add("found");
    if (found) setTimeout(() => found.classList.remove("found"), 2000);
  });
}

function tabKey(event) {
  const names = Object.keys(TABS);
  const at = names.indexOf(tab);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  select(names[(to + names.length) % names.length]);
  requestAnimationFrame(() => document.getElementById(`tab-${tab}`).focus());
}

function figure(name, value, note, points) {
  return html`<div class="figure"><dt>${name}</dt><dd><span class="value">${value}</span> <span class="note">${note}</span>${points ? spark(points) : ""}</dd></div>`;
}

function figures() {
  const all = model.servers;
  const usable = all.filter(takesNew).length;
  const [down, standby] = ["down", "standby"].map((name) => all.filter((server) => server.condition === name).length);
  const inside = model.ilbs.filter((ilb) => ilb.in).length;
  const [opened, bytes, packetIns] = ["opened", "bytes", "packetIns"].map((name) => model.rates(name));
  const last = (points) => points.at(-1)?.[1];
  return html`<dl class="figures">
    ${figure("Associations", short(model.associations), "owned", model.series("owned"))}
    ${figure("New connections", rate(last(opened)), "a second", opened)}
    ${figure("Traffic", ...bits(last(bytes)).split(" "), bytes)}
    ${figure("Packet-ins", rate(last(packetIns)), "a second", packetIns)}
    ${figure("ILBs", `${inside}`, `of ${model.ilbs.length} in, view ${whole(model.status.view)}`)}
    ${figure("Servers", whole(usable), `of ${whole(all.length - standby)} take new ones${standby ? `, ${whole(standby)} on standby` : ""}${down ? `, ${whole(down)} down` : ""}`)}
  </dl>`;
}

function panel() {
  switch (tab) {
    case "services":
      return servicesTable(model, act);
    case "ilbs":
      return ilbsTable(model, act);
    case "connections":
      return connections.view(model);
    case "membership":
      return html`${timeline.lanes(model.ilbs, model.status.at, Math.max(NARROWEST, width))}${timeline.changes()}`;
    default:
      return servers.view(model, act);
  }
}

function body() {
  if (!model.ready) return html`<p class="loading">One moment…</p>`;
  if (!model.ilbs.length && !model.services.length) {
    return html`<section class="card empty"><h2>Nothing is configured yet</h2><p>Post a configuration to ONOS's network configuration, or to <code>/onos/ilb/v1/config</code>; it shows up here by itself.</p></section>`;
  }
  return html`
    ${figures()}
    <section class="card" aria-labelledby="picture-title">
      <div class="head"><h2 id="picture-title">Who owns, who serves</h2>${legend()}</div>
      <div id="stage">${picture(model, Math.max(NARROWEST, width), act)}</div>
    </section>
    <section class="card" id="tabs" aria-label="Tables" tabindex="-1">
      <div role="tablist" aria-label="Tables" @keydown=${tabKey}>
        ${Object.entries(TABS).map(([name, text]) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="panel" aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1} @click=${() => select(name)}>${text}</button>`)}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${tab}">${panel()}</div>
    </section>`;
}

function page() {
  const { user } = model;
  return html`
    <header>
      <h1>Front-end load balancing</h1>
      <p class="who">${user.name ? html`${user.name}${user.admin ? "" : " (may look, not change)"}` : ""}</p>
      <p class="link ${link}" role="status"><span class="lamp" aria-hidden="true"></span>${STATES[link]}</p>
    </header>
    <main class=${link === "lost" ? "stale" : ""}>${body()}</main>
    <footer><p>${model.ready ? html`${plural(model.services.length, "service")}, ${plural(model.servers.length, "server")}, ${plural(model.ilbs.length, "ILB")}. ` : ""}The same through REST at <a href="v1/services">/onos/ilb/v1</a> and on ONOS's console.</p></footer>`;
}

/** Draws with the next frame, however often it is asked for. */
function draw() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    render(page(), app);
    const stage = document.getElementById("stage");
    if (stage && stage.clientWidth !== width) {
      width = stage.clientWidth;
      draw();
    }
  });
}

addEventListener("resize", draw);
addEventListener("hashchange", () => TABS[location.hash.slice(1)] && select(location.hash.slice(1)));
app.replaceChildren();
draw();
listen({
  user: (user) => (model.user = user),
  configuration: (configuration) => model.configure(configuration),
  status: (status) => {
    model.update(status);
    timeline.follow(status.view);
    if (tab === "connections") connections.tick();
    draw();
  },
  state: (state) => {
    if (state !== link) {
      link = state;
      draw();
    }
  },
});
