/** The drawing machine: a small keyed virtual DOM, so that redrawing never loses focus, text or open menus. */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["disabled", "inert", "srcdoc", "hidden", "indeterminate", "open"]);
const LIVE_PROPERTIES = new Set(["value", "checked"]);
const HOOKS = new Set(["key", "mount", "drawn", "gone"]);

let afterwards = [];

/** Describes an element; null, false and undefined children are left out, arrays are flattened. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, key: props?.key, children: flatten(children) };
}

/** Makes the children of `parent` equal to the description, reusing every node that still fits. */
export function patch(parent, children) {
  reconcile(parent, flatten([children]), null);
  const runs = afterwards;
  afterwards = [];
  for (const run of runs) run();
}

function flatten(children, into = []) {
  for (const child of children) {
    if (Array.isArray(child)) flatten(child, into);
    else if (typeof child === "string" || typeof child === "number") into.push({ text: String(child) });
    else if (child) into.push(child);
  }
  return into;
}

function reconcile(parent, wanted, namespace) {
  const pool = poolOf(parent.drawnChildren ?? []);
  const nodes = wanted.map((next) => {
    const old = takeFrom(pool, next);
    return old ? update(old, next, namespace) : create(next, namespace);
  });
  for (const old of leftovers(pool)) remove(old);
  placeInOrder(parent, nodes);
  parent.drawnChildren = wanted;
}

function signature(vnode) {
  if (vnode.text !== undefined) return "#text";
  return vnode.key === undefined ? vnode.tag : `${vnode.tag}@${vnode.key}`;
}

function poolOf(old) {
  const pool = new Map();
  for (const vnode of old) {
    const name = signature(vnode);
    if (!pool.has(name)) pool.set(name, []);
    pool.get(name).push(vnode);
  }
  return pool;
}

function takeFrom(pool, vnode) {
  return pool.get(signature(vnode))?.shift();
}

function* leftovers(pool) {
  for (const rest of pool.values()) yield* rest;
}

function placeInOrder(parent, nodes) {
  if (!parent.drawnChildren) parent.replaceChildren();
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

function create(vnode, namespace) {
  if (vnode.text !== undefined) {
    vnode.node = document.createTextNode(vnode.text);
    return vnode.node;
  }
  const inside = vnode.tag === "svg" ? SVG_NAMESPACE : namespace;
  const node = inside ? document.createElementNS(inside, vnode.tag) : document.createElement(vnode.tag);
  vnode.node = node;
  reconcile(node, vnode.children, inside);
  applyProps(node, {}, vnode.props);
  runLater(vnode, "mount");
  runLater(vnode, "drawn");
  return node;
}

function update(old, next, namespace) {
  const node = old.node;
  next.node = node;
  if (next.text !== undefined) {
    if (old.text !== next.text) node.data = next.text;
    return node;
  }
  reconcile(node, next.children, next.tag === "svg" ? SVG_NAMESPACE : namespace);
  applyProps(node, old.props, next.props);
  runLater(next, "drawn");
  return node;
}

function remove(vnode) {
  forget(vnode);
  vnode.node.remove();
}

function forget(vnode) {
  vnode.props?.gone?.(vnode.node);
  for (const child of vnode.children ?? []) forget(child);
}

function runLater(vnode, hook) {
  const run = vnode.props[hook];
  if (run) afterwards.push(() => run(vnode.node));
}

function applyProps(node, old, next) {
  for (const name of Object.keys(old)) {
    if (!(name in next)) setProp(node, name, undefined, old[name]);
  }
  for (const [name, value] of Object.entries(next)) setProp(node, name, value, old[name]);
}

function setProp(node, name, value, before) {
  if (HOOKS.has(name)) return;
  if (name.startsWith("on")) listen(node, name.slice(2), value);
  else if (name === "style") setStyle(node, value ?? {}, before ?? {});
  else if (LIVE_PROPERTIES.has(name)) setLive(node, name, value);
  else if (value !== before) setPlain(node, name, value);
}

function setPlain(node, name, value) {
  if (PROPERTIES.has(name)) node[name] = value ?? (name === "srcdoc" ? "" : false);
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

function setLive(node, name, value) {
  const wanted = name === "checked" ? Boolean(value) : (value ?? "");
  if (node[name] !== wanted) node[name] = wanted;
}

function setStyle(node, next, before) {
  for (const name of Object.keys(before)) {
    if (!(name in next)) node.style.removeProperty(name);
  }
  for (const [name, value] of Object.entries(next)) node.style.setProperty(name, value);
}

function listen(node, type, handler) {
  node.handlers ??= {};
  if (!(type in node.handlers)) node.addEventListener(type, (event) => node.handlers[type]?.(event));
  node.handlers[type] = handler;
}
