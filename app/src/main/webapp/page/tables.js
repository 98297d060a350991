// Services, servers and ILBs in words and numbers, with what can be done to them.

import { html } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import * as actions from "./actions.js";
import { bits, moment, percent, plural, rate, span, whole } from "./format.js";
import { takers } from "./model.js";

const ROWS = 100;
const CHECKS = { arp: "ARP", tcp: "TCP", http: "HTTP" };

const share = (part) => html`<span class="share"><svg class="meter" viewBox="0 0 60 6" aria-hidden="true"><rect class="track" width="60" height="6" rx="3"></rect><rect class="level" width=${60 * Math.min(1, part)} height="6" rx="3"></rect></svg> ${percent(part, 1)}</span>`;

const button = (text, label, action, kind = "") => html`<button type="button" class="small ${kind}" aria-label=${label} @click=${action}>${text}</button>`;

export function servicesTable(model, act) {
  if (!model.services.length) return html`<p class="empty">No services are configured.</p>`;
  return html`<div class="scroll"><table>
    <thead><tr><th>Service</th><th>Address</th><th>Policy</th><th>Granularity</th><th>Return</th><th>Check</th><th>Servers</th><th class="n">Connections</th><th class="n">Buckets</th><th class="n">New/s</th><th class="n">Traffic</th></tr></thead>
    <tbody>${model.services.map((service) => {
      const check = service.health ? `${CHECKS[service.health.kind] ?? service.health.kind}, every ${service.health.interval / 1000} s` : "none";
      const buckets = service.granularity === "buckets" ? `${whole(service.load)}${service.moving ? `, ${service.moving} moving` : ""}` : "–";
      return html`<tr><td><button type="button" class="link" @click=${() => act.showService(service)}>${service.name}</button></td><td>${service.endpoint}</td><td>${service.policy}</td>
        <td>${service.granularity}</td><td>${service.return}</td><td>${check}</td>
        <td class=${service.usable ? "" : "alarm"}>${takers(service, "new ones")}</td><td class="n">${whole(service.connections)}</td><td class="n">${buckets}</td><td class="n">${rate(service.beginning)}</td><td class="n">${bits(service.flow)}</td></tr>`;
    })}</tbody></table></div>`;
}

function health(server) {
  if (server.health === "unchecked") return html`<span class="quiet">not checked</span>`;
  const since = server.down?.since ? `, for ${span(Date.now() - server.down.since)}` : "";
  return html`<span class="health ${server.health}">${server.health}</span>${server.down ? html`<span class="quiet"> ${server.down.reason ?? ""}${since}</span>` : ""}`;
}

function condition(server) {
  const end = Date.parse(server.drainUntil);
  // A moment may be further off than a browser can count.
  const until = server.state === "draining" && server.drainUntil ? html`<span class="quiet"> until ${Number.isNaN(end) ? server.drainUntil : moment(end)}</span>` : "";
  return html`<span class="badge ${server.condition}">${server.condition}</span>${until}${server.unplaced ? html` <span class="quiet" title="its place in the network is not known yet">not found</span>` : ""}`;
}

/** The servers' table, with a filter of its own. */
export class ServersTable {
  text = "";
  wanted = "";
  #rows = ROWS;
  #redraw;

  constructor(redraw) {
    this.#redraw = redraw;
  }

  show(text) {
    this.text = text;
    this.wanted = "";
    this.#rows = ROWS;
    this.#redraw();
  }

  #matches(server) {
    const text = this.text.trim().toLowerCase();
    return (!this.wanted || server.condition === this.wanted) && (!text || `${server.name} ${server.service}`.toLowerCase().includes(text));
  }

  view(model, act) {
    const found = model.servers.filter((server) => this.#matches(server));
    const services = new Map(model.services.map((service) => [service.name, service]));
    const bucketed = model.services.some((service) => service.granularity === "buckets");
    const conditions = ["up", "standby", "idle", "draining", "disabled", "down", "unknown"];
    return html`
      <div class="filters" role="search" aria-label="Servers">
        <label>Find <input type="search" size="26" placeholder="address or service" autocomplete="off" spellcheck="false" .value=${this.text}
          @input=${(event) => { this.text = event.target.value; this.#rows = ROWS; this.#redraw(); }}></label>
        <label>Condition <select @change=${(event) => { this.wanted = event.target.value; this.#redraw(); }}>
          <option value="">any</option>${conditions.map((name) => html`<option value=${name} ?selected=${this.wanted === name}>${name}</option>`)}</select></label>
        <span class="quiet" role="status">${found.length === model.servers.length ? plural(found.length, "server") : `${whole(found.length)} of ${plural(model.servers.length, "server")}`}</span>
      </div>
      ${found.length ? html`<div class="scroll"><table class="servers">
        <thead><tr><th>Server</th><th>Service</th><th>Condition</th><th>Health</th><th class="n">Weight</th><th>Share</th><th class="n">Connections</th>${bucketed ? html`<th class="n">Buckets</th>` : ""}<th class="n">New/s</th><th class="n">Traffic</th>${model.user.admin ? html`<th>Actions</th>` : ""}</tr></thead>
        <tbody>${repeat(found.slice(0, this.#rows), (server) => `${server.service} ${server.name}`, (server) => this.#row(server, services.get(server.service), model, bucketed, act))}</tbody>
      </table></div>` : html`<p class="empty">${model.servers.length ? "No server is like that." : "No servers are configured."}</p>`}
      ${found.length > this.#rows ? html`<nav class="pages"><button type="button" @click=${() => { this.#rows += ROWS; this.#redraw(); }}>Show ${whole(Math.min(ROWS, found.length - this.#rows))} more</button></nav>` : ""}`;
  }

  #row(server, service, model, bucketed, act) {
    return html`<tr data-server=${server.name} data-service=${server.service}>
      <td><button type="button" class="link" title="Show its connections" @click=${() => act.showConnections({ service: server.service, server: server.name })}>${server.name}</button></td>
      <td>${server.service}${server.backup ? html` <span class="quiet">backup</span>` : ""}</td>
      <td>${condition(server)}</td><td>${health(server)}</td>
      <td class="n">${model.user.admin ? html`<button type="button" class="link" aria-label="Weight of ${server.name}: ${server.weight}; change" @click=${() => actions.weigh(server)}>${server.weight}</button>` : server.weight}</td>
      <td>${share(server.share)}</td><td class="n">${whole(server.connections)}</td>${bucketed ? html`<td class="n">${server.buckets === undefined ? "–" : whole(server.buckets)}${server.leaving ? html` <span class="quiet" title="Buckets whose living connections are still here; their new ones go to other servers">+ ${whole(server.leaving)} leaving</span>` : ""}</td>` : ""}
      <td class="n">${rate(server.beginning)}</td><td class="n">${bits(server.flow)}</td>
      ${model.user.admin ? html`<td class="actions">
        ${server.state === "enabled" ? button("Drain…", `Drain ${server.name}`, () => actions.drain(server)) : button("Enable…", `Enable ${server.name}`, () => actions.enable(server))}
        ${server.state === "disabled" ? "" : button("Disable…", `Disable ${server.name}`, () => actions.disable(server, service))}
        ${server.connections ? button("End…", `End the connections of ${server.name}`, () => actions.end({ service: server.service, server: server.name }, server.connections, `of ${server.service} to ${server.name}`)) : ""}
      </td>` : ""}</tr>`;
  }
}

export function ilbsTable(model, act) {
  if (!model.ilbs.length) return html`<p class="empty">No ILBs are configured.</p>`;
  return html`<div class="scroll"><table>
    <thead><tr><th>ILB</th><th>State</th><th>Switch</th><th>Uplink</th><th>Owns</th><th class="n">Owned</th><th class="n">Backed up</th><th class="n">Cached</th><th class="n">Rules</th><th class="n">New/s</th><th class="n">Received</th>${model.user.admin ? html`<th>Actions</th>` : ""}</tr></thead>
    <tbody>${repeat(model.ilbs, (ilb) => ilb.name, (ilb) => html`<tr data-ilb=${ilb.name}>
      <td><button type="button" class="link" title="Show the connections that it owns" @click=${() => act.showConnections({ owner: ilb.name })}>${ilb.name}</button></td>
      <td><span class="badge ${ilb.state}">${ilb.state}</span>${ilb.in || ilb.connected ? "" : html` <span class="quiet">no controller has it</span>`}</td>
      <td>${ilb.device}</td><td>${ilb.uplink ? `port ${ilb.uplink.port} to ${ilb.uplink.nextHop}` : "–"}</td>
      <td>${share(ilb.share)}</td><td class="n">${whole(ilb.owned)}</td><td class="n">${whole(ilb.backedUp)}</td><td class="n">${whole(ilb.cached)}</td><td class="n">${whole(ilb.rules)}</td><td class="n">${rate(ilb.beginning)}</td><td class="n">${bits(ilb.flow)}</td>
      ${model.user.admin ? html`<td class="actions">${ilb.drain ? button("Take back…", `Take ILB ${ilb.name} back in`, () => actions.undrainIlb(ilb)) : button("Drain…", `Drain ILB ${ilb.name}`, () => actions.drainIlb(ilb))}</td>` : ""}</tr>`)}</tbody></table></div>`;
}

