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

/** Reads a part of the configuration, with the tag that says which state of it this is. */
export const configured = (path) => call("GET", `config/${path}`);

/**
 * Changes a part of the configuration; refused if it is no longer as it was read.
 *
 * @param path beneath config
 * @param former the part as it was read
 * @param change a merge patch
 */
export const patch = (path, former, change) => call("PATCH", `config/${path}`, change, former.tag ? { "If-Match": former.tag } : {});

/** A query string of those parameters that have a value. */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}
