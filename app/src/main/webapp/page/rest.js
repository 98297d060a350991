// Asks the REST interface beneath /onos/ilb/v1, and changes the configuration there.

// Not relative: where the page was opened with a name and a password in its address, fetch refuses what is relative to it.
const HERE = new URL(location.pathname.replace(/[^/]*$/, ""), location.origin);

/** Where something beside the page is. */
export const beside = (path) => new URL(path, HERE).href;

/** A refusal, in the server's own words. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? (status === 403 ? "your user may look, but not change anything" : `the controller answered ${status}`));
    this.status = status;
    this.field = problem?.field;
  }
}

async function call(method, path, body, headers = {}) {
  const answer = await fetch(beside(`v1/${path}`), {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
  });
  const text = await answer.text();
  let json;
  try {
    json = text ? JSON.parse(text) : undefined;
  } catch {
    json = undefined;
  }
  if (!answer.ok) throw new Refused(answer.status, json);
  return { json, tag: answer.headers.get("ETag") };
}

/** Reads what a path answers. */
export const read = async (path) => (await call("GET", path)).json;

/** Deletes what a path names. */
export const remove = async (path) => (await call("DELETE", path)).json;

/**
 * Changes a part of the configuration.
 *
 * The change is made of what is there, and refused if it has changed meanwhile: the operator then decides anew.
 *
 * @param path beneath config
 * @param change gets the part as it is and returns a merge patch
 */
export async function patch(path, change) {
  const former = await call("GET", `config/${path}`);
  return (await call("PATCH", `config/${path}`, change(former.json), former.tag ? { "If-Match": former.tag } : {})).json;
}

/** A query string of those parameters that have a value. */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}
