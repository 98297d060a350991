// What the page knows: the configuration and the status put together, and how they changed in the last minutes.

import { plural } from "./format.js";

const sum = (numbers) => numbers.reduce((total, number) => total + (number ?? 0), 0);

/** What charts show of a moment: totals, so that minutes of them are small. */
function totals({ at, ilbs, services, counters }) {
  return {
    at,
    owned: sum(ilbs.map((ilb) => ilb.owned)),
    opened: sum(services.map((service) => sum(service.opened))),
    bytes: sum(services.map((service) => sum(service.bytes))),
    packetIns: counters["packet-ins"],
  };
}

/** Who is where in the configuration, and so in the columns of a status. */
const places = ({ services, ilbs }) =>
  JSON.stringify([
    services.map((service) => [service.name, ...[...service.servers, ...(service.backups ?? [])].map((server) => `${server.address}:${server.port}`)]),
    ilbs.map((ilb) => ilb.id),
  ]);

const HISTORY_MILLIS = 5 * 60 * 1000;
// Rates are taken over so long, so that they do not jump; bytes come when ONOS has asked the switches, every few seconds.
const RATE_MILLIS = 3000;
const BYTES_MILLIS = 15000;

const HEALTH = { u: "up", d: "down", "?": "unknown", "-": "unchecked" };

/** Says in one word how a server is: what the operator wants comes first, then what its check found. */
function condition(server) {
  if (server.state === "disabled") return "disabled";
  if (server.state === "draining") return server.drainUntil && Date.parse(server.drainUntil) <= Date.now() ? "disabled" : "draining";
  if (server.health === "down") return "down";
  if (server.weight === 0) return "idle";
  return server.health === "unknown" ? "unknown" : "up";
}

/** Whether a server takes new connections. */
export const takesNew = (server) => server.condition === "up" || server.condition === "unknown";

/** Says how many servers of a service's pool take new connections, and how many of its backups do so instead. */
export function takers({ servers, usable, backing }, what) {
  const all = servers.filter((server) => !server.backup).length;
  return `${usable} of ${all} take ${what}${backing ? `, ${plural(backing, "backup")} instead` : ""}`;
}

export class Model {
  user = { name: "", admin: false };
  configuration = undefined;
  status = undefined;
  ilbs = [];
  services = [];
  /** Totals of the last minutes. */
  history = [];
  /** Whole statuses of the last seconds, of one configuration. */
  #recent = [];

  get ready() {
    return this.configuration !== undefined && this.status !== undefined;
  }

  get servers() {
    return this.services.flatMap((service) => service.servers);
  }

  /** How many associations there are: connections, and buckets of those services that have them. */
  get associations() {
    return sum(this.ilbs.map((ilb) => ilb.owned));
  }

  configure(configuration) {
    // What was counted lately is still good where the same servers and ILBs are in the same places.
    if (this.configuration && places(this.configuration) !== places(configuration)) this.#recent = [];
    this.configuration = configuration;
  }

  update(status) {
    const now = totals(status);
    // After a restart of the application everything is counted from 0 again.
    if (this.history.length && now.packetIns < this.history.at(-1).packetIns) {
      this.history = [];
      this.#recent = [];
    }
    this.status = status;
    this.history.push(now);
    while (this.history[0].at < now.at - HISTORY_MILLIS) this.history.shift();
    this.#recent.push(status);
    while (this.#recent.length > 2 && this.#recent[1].at <= now.at - BYTES_MILLIS) this.#recent.shift();
    this.#join();
  }

  /** How fast a number of the status grows, per second; undefined while that is not known. */
  #speed(number, over = RATE_MILLIS) {
    const last = this.#recent.at(-1);
    const first = this.#recent.findLast((status) => status.at <= last.at - over) ?? this.#recent[0];
    return first === last ? undefined : Math.max(0, (1000 * (number(last) - number(first))) / (last.at - first.at));
  }

  #join() {
    const { configuration, status } = this;
    if (!this.ready || configuration.services.length !== status.services.length || configuration.ilbs.length !== status.ilbs.length) return;
    const owned = sum(status.ilbs.map((ilb) => ilb.owned));
    this.ilbs = configuration.ilbs.map((ilb, index) => {
      const now = status.ilbs[index];
      const state = now.in ? "in" : ilb.drain ? "drained" : (now.absence ?? "out");
      const rates = { beginning: this.#speed((from) => from.ilbs[index].opened ?? 0), flow: this.#speed((from) => from.ilbs[index].bytes ?? 0, BYTES_MILLIS) };
      return { owned: 0, backedUp: 0, cached: 0, rules: 0, ...ilb, ...now, ...rates, name: String(ilb.id), state, share: owned ? (now.owned ?? 0) / owned : 0 };
    });
    this.services = configuration.services.map((service, index) => this.#service(service, status.services[index], index));
  }

  #service(service, now, index) {
    const unplaced = new Set(now.unplaced);
    const pool = [...service.servers, ...(service.backups ?? []).map((backup) => ({ ...backup, backup: true }))];
    const servers = pool.map((server, place) => {
      const entry = {
        ...server,
        service: service.name,
        name: `${server.address}:${server.port}`,
        connections: now.connections[place] ?? 0,
        buckets: now.buckets?.[place],
        leaving: now.leaving?.[place] ?? 0,
        health: HEALTH[now.health[place]] ?? "unchecked",
        down: now.down[place],
        unplaced: unplaced.has(place),
        beginning: now.buckets ? undefined : this.#speed((from) => from.services[index].opened[place]),
        flow: this.#speed((from) => from.services[index].bytes[place], BYTES_MILLIS),
      };
      entry.load = now.buckets ? entry.buckets : entry.connections;
      entry.condition = condition(entry);
      return entry;
    });
    const usable = servers.filter((server) => !server.backup && takesNew(server)).length;
    for (const server of servers) if (server.backup && usable && takesNew(server)) server.condition = "standby";
    const weight = sum(servers.map((server) => (server.backup ? 0 : server.weight)));
    const load = sum(servers.map((server) => server.load));
    for (const server of servers) {
      server.share = load ? server.load / load : 0;
      server.fair = server.backup || !weight ? undefined : server.weight / weight;
    }
    return {
      ...service,
      index,
      endpoint: `${service.address}:${service.port}`,
      servers,
      load,
      connections: sum(servers.map((server) => server.connections)),
      usable,
      backing: usable ? 0 : servers.filter((server) => server.backup && takesNew(server)).length,
      moving: now.moving,
      // The switches begin a bucket's connections, and nobody counts them.
      beginning: now.buckets ? undefined : this.#speed((from) => sum(from.services[index].opened)),
      flow: this.#speed((from) => sum(from.services[index].bytes), BYTES_MILLIS),
    };
  }

  /** A total over the last minutes: pairs of time and value. */
  series(name) {
    return this.history.map((totals) => [totals.at, totals[name]]);
  }

  /** How fast a total grew over the last minutes, per second. */
  rates(name) {
    const { history } = this;
    const over = name === "bytes" ? BYTES_MILLIS : RATE_MILLIS;
    let from = 0;
    return history.slice(1).map((now, index) => {
      while (from < index && history[from + 1].at <= now.at - over) from++;
      const before = history[from];
      return [now.at, Math.max(0, (1000 * (now[name] - before[name])) / (now.at - before.at))];
    });
  }
}
