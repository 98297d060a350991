// What an administrator can do here. Each asks first, then changes the configuration, and says what came of it.

import { html } from "../lib/lit-html/lit-html.js";
import { ask, say } from "./dialogs.js";
import { plural } from "./format.js";
import { configured, patch, query, remove } from "./rest.js";

async function attempt(work, done) {
  try {
    const answer = await work();
    if (done) say(done(answer));
    return answer;
  } catch (problem) {
    const words = problem.status === 412 ? "somebody else changed it meanwhile: look at it again, and decide anew" : problem.message;
    say(problem.field ? `${problem.field}: ${words}` : words, true);
    return undefined;
  }
}

/**
 * Asks, then changes a part of the configuration. What is asked about is the part as it is when the question is put: if somebody
 * changes it before the answer, nothing happens.
 */
async function change(path, question, patched, done) {
  const former = await attempt(() => configured(path));
  const answer = former && (await ask(question));
  if (answer) await attempt(() => patch(path, former, patched(answer)), () => done(answer));
}

/** The same for a server, of the pool or of the backups. */
const changeServer = (server, question, fields, done) =>
  change(`services/${encodeURIComponent(server.service)}/${server.backup ? "backups" : "servers"}/${server.name}`, question, fields, done);

const has = (server) => (server.connections ? `Its ${plural(server.connections, "connection")}` : "What connections it has");

export const drain = (server) =>
  changeServer(
    server,
    {
      title: `Drain ${server.name}?`,
      text: `It takes no new connections of ${server.service}. ${has(server)} stay until they end by themselves, or until the deadline.`,
      verb: "Drain",
      fields: html`<label>Deadline, in minutes from now <input name="minutes" type="number" min="1" max="525600" step="1" placeholder="none" inputmode="numeric"></label>`,
    },
    ({ minutes }) => ({ state: "draining", drainUntil: minutes ? new Date(Date.now() + 60000 * Number(minutes)).toISOString() : null }),
    () => `${server.name} is being drained`,
  );

export const enable = (server) =>
  changeServer(
    server,
    { title: `Enable ${server.name}?`, text: `It takes new connections of ${server.service} again, by its weight of ${server.weight}.`, verb: "Enable" },
    () => ({ state: "enabled", drainUntil: null }),
    () => `${server.name} is enabled`,
  );

export const disable = (server, service) =>
  changeServer(
    server,
    {
      title: `Disable ${server.name}?`,
      text: `It takes no new connections of ${server.service}. ${has(server)} ${
        service.onFailure === "keep" ? "are kept for as long as it serves them" : "end: each client is told when it next speaks"
      }.`,
      verb: "Disable",
      danger: service.onFailure !== "keep",
    },
    () => ({ state: "disabled", drainUntil: null }),
    () => `${server.name} is disabled`,
  );

export const weigh = (server) =>
  changeServer(
    server,
    {
      title: `Weight of ${server.name}`,
      text: "Its share of new connections, relative to the other servers'. With 0 it takes none. No living connection moves.",
      verb: "Change",
      fields: html`<label>Weight <input name="weight" type="number" min="0" max="1000" step="1" required inputmode="numeric" .value=${String(server.weight)}></label>`,
    },
    ({ weight }) => ({ weight: Number(weight) }),
    ({ weight }) => `${server.name} has weight ${weight}`,
  );

export const drainIlb = (ilb) =>
  change(
    `ilbs/${ilb.name}`,
    {
      title: `Drain ILB ${ilb.name}?`,
      text: "Another ILB owns each of its connections from then on; none breaks. What the router still sends through it is served.",
      verb: "Drain",
    },
    () => ({ drain: true }),
    () => `ILB ${ilb.name} is drained`,
  );

export const undrainIlb = (ilb) =>
  change(
    `ilbs/${ilb.name}`,
    { title: `Take ILB ${ilb.name} back in?`, text: "It owns and backs up its share of the connections again; none breaks.", verb: "Take back" },
    () => ({ drain: false }),
    () => `ILB ${ilb.name} is no longer drained`,
  );

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
