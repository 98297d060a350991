// The searchable table of connections, read from the REST interface page by page.

import { html } from "../lib/lit-html/lit-html.js";
import * as actions from "./actions.js";
import { plural, whole } from "./format.js";
import { query, read } from "./rest.js";

const LIMIT = 50;
const REFRESH_MILLIS = 3000;
// Beyond so many the controller is not asked again and again, but when somebody presses the button.
const MOST_LIVE = 20000;
const FIELDS = ["client", "service", "server", "owner", "backup"];

export class Connections {
  filter = {};
  #offset = 0;
  #page;
  #problem;
  #read = 0;
  #reading = false;
  #redraw;

  constructor(redraw) {
    this.#redraw = redraw;
  }

  /** Looks for other connections. */
  search(filter) {
    this.filter = Object.fromEntries(FIELDS.map((name) => [name, (filter[name] ?? "").trim()]).filter(([, value]) => value));
    this.#offset = 0;
    this.refresh();
  }

  /** Reads again what is shown; called each second while the table is to be seen. */
  tick() {
    if (!this.#problem && Date.now() - this.#read > REFRESH_MILLIS && (this.#page?.total ?? 0) <= MOST_LIVE) this.refresh();
  }

  async refresh() {
    if (this.#reading) return;
    this.#reading = true;
    const asked = JSON.stringify([this.filter, this.#offset]);
    try {
      this.#page = await read(`associations?${query({ ...this.filter, offset: this.#offset, limit: LIMIT })}`);
      this.#problem = undefined;
    } catch (problem) {
      this.#page = undefined;
      this.#problem = problem.message;
    }
    this.#read = Date.now();
    this.#reading = false;
    this.#redraw();
    if (asked !== JSON.stringify([this.filter, this.#offset])) this.refresh();
  }

  #turn(offset) {
    this.#offset = Math.max(0, offset);
    this.refresh();
  }

  #words() {
    const { client, service, server, owner, backup } = this.filter;
    const parts = [client && `of clients ${client}`, service && `of service ${service}`, server && `to server ${server}`, owner && `owned by ${owner}`, backup && `backed up by ${backup}`];
    return parts.filter(Boolean).join(", ");
  }

  view(model) {
    const { filter } = this;
    const page = this.#page;
    const submit = (event) => {
      event.preventDefault();
      this.search(Object.fromEntries(new FormData(event.currentTarget.form ?? event.currentTarget)));
    };
    const choice = (name, label, values) => html`<label>${label} <select name=${name} @change=${submit}>
        <option value="">any</option>${values.map((value) => html`<option value=${value} ?selected=${filter[name] === value}>${value}</option>`)}</select></label>`;
    const ilbs = model.ilbs.map((ilb) => ilb.name);
    return html`
      <form class="filters" role="search" aria-label="Connections" @submit=${submit}>
        <label>Client <input name="client" type="search" placeholder="10.1.1.7, 10.1.1.0/24, 10.1.1.7:4000" size="30" autocomplete="off" spellcheck="false" .value=${filter.client ?? ""}></label>
        ${choice("service", "Service", model.services.map((service) => service.name))}
        <label>Server <input name="server" list="server-names" size="15" placeholder="any" autocomplete="off" spellcheck="false" .value=${filter.server ?? ""} @change=${submit}></label>
        <datalist id="server-names">${model.servers.slice(0, 1000).map((server) => html`<option value=${server.name}></option>`)}</datalist>
        ${choice("owner", "Owner", ilbs)} ${choice("backup", "Backup", ilbs)}
        <button type="submit" class="primary">Search</button>
        <button type="button" @click=${() => this.search({})} ?disabled=${!Object.keys(filter).length}>Clear</button>
        ${model.user.admin && Object.keys(filter).length && page?.total
          ? html`<button type="button" class="danger" @click=${() => actions.end(filter, page.total, this.#words()).then(() => this.refresh())}>End ${plural(page.total, "connection")}…</button>`
          : ""}
      </form>
      ${this.#remark(model)}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : this.#table(page)}`;
  }

  /** Which connections are not to be found here. */
  #remark(model) {
    const { service } = this.filter;
    const bucketed = model.services.filter((each) => each.granularity === "buckets" && (!service || each.name === service)).map((each) => each.name);
    return bucketed.length
      ? html`<p class="remark">Of ${bucketed.join(", ")} only connections with rules of their own are listed; the others share their bucket's, and nobody counts them.</p>`
      : "";
  }

  #table(page) {
    if (!page) return html`<p class="empty">Reading…</p>`;
    if (!page.total) return html`<p class="empty">No connections${Object.keys(this.filter).length ? " like that" : ""}.</p>`;
    const { offset, total } = page;
    const last = offset + page.associations.length;
    return html`
      <div class="scroll"><table>
        <thead><tr><th>Client</th><th>Service</th><th>Server</th><th>Owner</th><th>Backup</th><th>Received by</th><th>State</th><th class="n">View</th></tr></thead>
        <tbody>${page.associations.map(
          (each) => html`<tr><td>${each.source}</td><td>${each.destination}</td><td>${each.server}</td><td>${each.owner}</td><td>${each.backup ?? "–"}</td><td>${each.receiver ?? "–"}</td>
            <td><span class="state ${each.state}">${each.state}</span></td><td class="n">${each.view}</td></tr>`,
        )}</tbody>
      </table></div>
      <nav class="pages" aria-label="Pages of connections">
        <button type="button" ?disabled=${offset === 0} @click=${() => this.#turn(offset - LIMIT)}>← Before</button>
        <span>${whole(Math.min(offset + 1, total))}–${whole(last)} of ${whole(total)}</span>
        <button type="button" ?disabled=${last >= total} @click=${() => this.#turn(offset + LIMIT)}>Next →</button>
        ${total > MOST_LIVE ? html`<button type="button" @click=${() => this.refresh()}>Read again</button>` : ""}
      </nav>`;
  }
}
