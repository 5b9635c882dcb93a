/** The Panel API of the sandbox, one function per route. */

const ROOT = "/panel/api";

/** The server could not be reached, or answered with something that is not JSON. */
export class ApiError extends Error {}

export const world = () => get("world");
export const client = (me) => get("client", me);
export const messages = (me, channel) => get("messages", { ...me, channel });
export const vendors = () => get("vendors");
export const outside = () => get("outside");
export const journal = (after) => get("journal", { after });
export const faults = () => get("faults");

export const command = (me, channel, text) => post("command", { ...me, channel, text });
export const message = (me, channel, text, files = []) =>
  post("message", { ...me, channel, text, files });
export const action = (me, body) => post("action", { ...me, ...body });
export const submit = (me, viewId, values) => post("submit", { ...me, view_id: viewId, state: values });
export const close = (me, viewId, all) => post("close", { ...me, view_id: viewId, all });
export const options = (me, body) => post("options", { ...me, ...body });
export const shortcut = (me, body) => post("shortcut", { ...me, ...body });
export const home = (me, tab) => post("home", { ...me, tab });
export const addFault = (fault) => post("faults", fault);
export const clearFaults = () => send("faults", { method: "DELETE" });
export const dropFault = (id) => send(`faults?${new URLSearchParams({ id })}`, { method: "DELETE" });

/** Uploads one file as somebody: {ok, file} or {ok, error}. */
export const upload = (me, file) =>
  send(`upload?${new URLSearchParams({ ...me, name: file.name })}`, { method: "POST", body: file });

/** Opens the stream of changes for one person. */
export function events(me) {
  return new EventSource(`${ROOT}/events?${new URLSearchParams(me)}`);
}

function get(path, query) {
  const suffix = query ? `?${new URLSearchParams(query)}` : "";
  return send(`${path}${suffix}`, { cache: "no-store" });
}

/** Posts JSON to a path below the panel's; what comes back is parsed. */
export function post(path, body) {
  return send(path, posted(body));
}

/** The same, for whoever reads the answer as it comes. */
export function request(path, body) {
  return fetch(`${ROOT}/${path}`, posted(body));
}

function posted(body) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

async function send(path, init) {
  let answer;
  try {
    answer = await fetch(`${ROOT}/${path}`, init);
    return parse(await answer.text());
  } catch (error) {
    const status = answer ? ` (HTTP ${answer.status})` : "";
    throw new ApiError(`The sandbox does not answer${status}.`, { cause: error });
  }
}

function parse(text) {
  return text ? JSON.parse(text) : {};
}
