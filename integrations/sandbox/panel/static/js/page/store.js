/** What the page knows: one state object, small local states by key, and the redraw they ask for. */

export const state = {
  world: null,
  me: { team: "", user: "" },
  place: { channel: "", tab: "home" },
  client: null,
  messages: new Map(),
  notices: new Map(),
  seen: new Map(),
  outside: null,
  journal: [],
  faults: null,
  online: true,
  pane: { open: true, tab: "" },
  failure: "",
};

const locals = new Map();
let draw = () => {};
let queued = false;

/** Names the function that draws everything. */
export function drawWith(fn) {
  draw = fn;
}

/** The key under which the values of one of this person's views are kept. */
export const viewKey = (id) => `view:${state.me.user}:${id}`;

/** Asks for one redraw soon, however often it is called before. */
export function redraw() {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    draw();
  });
}

/** Changes top-level state and redraws. */
export function update(patch) {
  Object.assign(state, patch);
  redraw();
}

/** The small state of one widget, made on first use. */
export function local(key, initial = {}) {
  if (!locals.has(key)) locals.set(key, { ...initial });
  return locals.get(key);
}

/** Changes a widget's small state and redraws. */
export function setLocal(key, patch) {
  Object.assign(local(key), patch);
  redraw();
}

/** Forgets a widget's small state. */
export function dropLocal(key) {
  locals.delete(key);
}
