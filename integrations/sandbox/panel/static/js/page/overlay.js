/** Menus and lists that float above the page: at most one is open, placed beside the thing that opened it. */

import { h } from "./dom.js";
import { redraw } from "./store.js";

const GAP = 4;
const MARGIN = 8;

let openId = "";
let pending = [];
let onClose = null;

export const isOpen = (id) => openId === id;
export const anyOpen = () => openId !== "";

/** Opens the overlay with this id and closes any other; `whenClosed` runs once. */
export function openOverlay(id, whenClosed = null) {
  if (openId === id) return;
  closeOverlay();
  openId = id;
  onClose = whenClosed;
  redraw();
}

/** Closes the open overlay, if there is one. */
export function closeOverlay() {
  if (!openId) return;
  const run = onClose;
  openId = "";
  onClose = null;
  run?.();
  redraw();
}

/** Called while drawing: shows `content` beside the element whose data-anchor is `id`. */
export function overlay(id, content, { align = "start", fit = false, side = "below" } = {}) {
  if (!isOpen(id)) return;
  pending.push({ id, content, align, fit, side });
}

/** Called at the end of drawing: the layer with what was asked for meanwhile. */
export function drawOverlays() {
  const asked = pending;
  pending = [];
  return asked.map((one) => layer(one));
}

/** Installs what closes overlays: a press elsewhere, scrolling of the page behind, resizing. */
export function watchOverlays() {
  document.addEventListener("pointerdown", closeWhenOutside, true);
  window.addEventListener("resize", closeOverlay);
  document.addEventListener("scroll", followAnchor, true);
}

function layer(one) {
  const props = {
    key: one.id,
    class: "overlay",
    "data-overlay": one.id,
    drawn: (node) => place(node, one),
    onmousedown: keepFocus,
  };
  return h("div", props, one.content);
}

function keepFocus(event) {
  if (!event.target.closest("input, textarea, select")) event.preventDefault();
}

function anchorOf(id) {
  return document.querySelector(`[data-anchor="${CSS.escape(id)}"]`);
}

function place(node, one) {
  const anchor = anchorOf(one.id);
  if (!anchor) return;
  const beside = anchor.getBoundingClientRect();
  if (one.fit) node.style.setProperty("width", `${Math.max(beside.width, 200)}px`);
  const size = node.getBoundingClientRect();
  node.style.setProperty("left", `${horizontally(beside, size, one.align)}px`);
  node.style.setProperty("top", `${vertically(beside, size, one.side)}px`);
}

function horizontally(beside, size, align) {
  const wanted = align === "end" ? beside.right - size.width : beside.left;
  return Math.max(MARGIN, Math.min(wanted, window.innerWidth - size.width - MARGIN));
}

function vertically(beside, size, side) {
  const below = beside.bottom + GAP;
  const above = beside.top - GAP - size.height;
  const fitsBelow = below + size.height <= window.innerHeight - MARGIN;
  const fitsAbove = above >= MARGIN;
  if (side === "above") return fitsAbove || !fitsBelow ? Math.max(MARGIN, above) : below;
  return fitsBelow || !fitsAbove
    ? Math.max(MARGIN, Math.min(below, window.innerHeight - MARGIN - size.height))
    : above;
}

function closeWhenOutside(event) {
  if (!openId || event.target.closest?.(".overlay")) return;
  if (anchorOf(openId)?.contains(event.target)) return;
  closeOverlay();
}

function followAnchor(event) {
  if (!openId || event.target.closest?.(".overlay")) return;
  redraw();
}
