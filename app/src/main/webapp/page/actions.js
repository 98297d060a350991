// What an administrator can do here. Each asks first, then changes the configuration, and says what came of it.

import { html } from "../lib/lit-html/lit-html.js";
import { ask, say } from "./dialogs.js";
import { plural } from "./format.js";
import { patch, query, remove } from "./rest.js";

async function attempt(work, done) {
  try {
    const answer = await work();
    say(typeof done === "function" ? done(answer) : done);
  } catch (problem) {
    const changed = problem.status === 412 ? "somebody changed it meanwhile; look again, and decide anew" : problem.message;
    say(problem.field ? `${problem.field}: ${changed}` : changed, true);
  }
}

/** Changes a server: of the pool by itself, of the backups with the list that it is in. */
function change(server, fields) {
  const service = `services/${encodeURIComponent(server.service)}`;
  if (!server.backup) return patch(`${service}/servers/${server.name}`, () => fields);
  return patch(service, (former) => ({
    backups: former.backups.map((backup) => {
      if (backup.address !== server.address || backup.port !== server.port) return backup;
      const merged = { ...backup, ...fields };
      return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
    }),
  }));
}

const has = (server) => (server.connections ? `Its ${plural(server.connections, "connection")}` : "What connections it has");

export async function drain(server) {
  const answer = await ask({
    title: `Drain ${server.name}?`,
    text: `It takes no new connections of ${server.service}. ${has(server)} stay until they end by themselves, or until the deadline.`,
    verb: "Drain",
    fields: html`<label>Deadline, in minutes from now <input name="minutes" type="number" min="1" max="525600" step="1" placeholder="none" inputmode="numeric"></label>`,
  });
  if (!answer) return;
  const until = answer.minutes ? new Date(Date.now() + 60000 * Number(answer.minutes)).toISOString() : null;
  await attempt(() => change(server, { state: "draining", drainUntil: until }), `${server.name} is being drained`);
}

export async function enable(server) {
  const answer = await ask({ title: `Enable ${server.name}?`, text: `It takes new connections of ${server.service} again, by its weight of ${server.weight}.`, verb: "Enable" });
  if (answer) await attempt(() => change(server, { state: "enabled", drainUntil: null }), `${server.name} is enabled`);
}

export async function disable(server, service) {
  const fate = service.onFailure === "keep" ? "are kept for as long as it serves them" : "end: each client is told when it next speaks";
  const answer = await ask({
    title: `Disable ${server.name}?`,
    text: `It takes no new connections of ${server.service}. ${has(server)} ${fate}.`,
    verb: "Disable",
    danger: service.onFailure !== "keep",
  });
  if (answer) await attempt(() => change(server, { state: "disabled", drainUntil: null }), `${server.name} is disabled`);
}

export async function weigh(server) {
  const answer = await ask({
    title: `Weight of ${server.name}`,
    text: "Its share of new connections, relative to the other servers'. With 0 it takes none. No living connection moves.",
    verb: "Change",
    fields: html`<label>Weight <input name="weight" type="number" min="0" max="1000" step="1" required inputmode="numeric" .value=${String(server.weight)}></label>`,
  });
  if (answer) await attempt(() => change(server, { weight: Number(answer.weight) }), `${server.name} has weight ${answer.weight}`);
}

export async function drainIlb(ilb) {
  const answer = await ask({
    title: `Drain ILB ${ilb.name}?`,
    text: "Another ILB owns each of its connections from then on; none breaks. What the router still sends through it is served.",
    verb: "Drain",
  });
  if (answer) await attempt(() => patch(`ilbs/${ilb.name}`, () => ({ drain: true })), `ILB ${ilb.name} is drained`);
}

export async function undrainIlb(ilb) {
  const answer = await ask({ title: `Take ILB ${ilb.name} back in?`, text: "It owns and backs up its share of the connections again; none breaks.", verb: "Take back" });
  if (answer) await attempt(() => patch(`ilbs/${ilb.name}`, () => ({ drain: false })), `ILB ${ilb.name} is no longer drained`);
}

/** Ends the connections that a filter finds. */
export async function end(filter, count, words) {
  const answer = await ask({
    title: count === undefined ? "End these connections?" : `End ${plural(count, "connection")}?`,
    text: `All connections ${words} are forgotten. What still comes in of them is treated as their service says; by default their client is told by a reset.`,
    verb: "End them",
    danger: true,
  });
  if (answer) await attempt(() => remove(`associations?${query(filter)}`), ({ ended }) => `${plural(ended, "connection")} ended`);
}
