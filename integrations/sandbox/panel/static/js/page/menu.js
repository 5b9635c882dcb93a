/** A menu of choices under a button: keyboard, pointer and aria, the same everywhere. */

import { h } from "./dom.js";
import { closeOverlay, isOpen, openOverlay, overlay } from "./overlay.js";
import { local, setLocal } from "./store.js";

/**
 * A button with a menu. `items` are {label, detail?, icon?, run, danger?, href?} or {heading}.
 * `props` go to the button, `face` is what it shows.
 */
export function menuButton({ id, items, props = {}, face, align = "start", side = "below", role = "menu" }) {
  const open = isOpen(id);
  if (open) overlay(id, menuList(id, items, props["aria-label"], role), { align, side });
  return h(
    "button",
    {
      type: "button",
      ...props,
      "data-anchor": id,
      "aria-haspopup": role,
      "aria-expanded": open ? "true" : "false",
      "aria-activedescendant": open ? itemId(id, local(id).index) : null,
      onclick: () => toggle(id),
      onkeydown: (event) => onKey(event, id, items),
    },
    face,
  );
}

function toggle(id) {
  if (isOpen(id)) return closeOverlay();
  setLocal(id, { index: -1 });
  openOverlay(id);
}

const itemId = (id, index) => (index >= 0 ? `${id}-item-${index}` : null);

function menuList(id, items, label, role) {
  const choices = items.filter((item) => !item.heading);
  const rows = items.map((item) =>
    item.heading ? heading(item) : row(id, item, choices.indexOf(item), role),
  );
  return h("div", { class: "menu", role, "aria-label": label ?? "Menu" }, rows);
}

const heading = (item) => h("div", { class: "menu__heading", role: "presentation" }, item.heading);

function row(id, item, index, role) {
  const active = local(id).index === index;
  const props = {
    id: itemId(id, index),
    role: role === "listbox" ? "option" : "menuitem",
    "aria-selected": role === "listbox" ? String(Boolean(item.selected)) : null,
    class: `menu__item${active ? " is-active" : ""}${item.danger ? " is-danger" : ""}`,
    ...item.data,
    onclick: () => choose(item),
    onmousemove: () => active || setLocal(id, { index }),
  };
  const words = [
    h("span", { class: "menu__label" }, item.label),
    item.detail && h("span", { class: "menu__detail" }, item.detail),
  ];
  return h("div", props, item.icon, h("span", { class: "menu__words" }, words), item.mark);
}

function choose(item) {
  closeOverlay();
  item.run();
}

function onKey(event, id, items) {
  const choices = items.filter((item) => !item.heading);
  if (!isOpen(id)) {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) begin(event, id, choices);
    return;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event, id, choices.length);
  else if (event.key === "Enter" || event.key === " ") confirm(event, id, choices);
  else if (event.key === "Escape") leave(event);
  else if (event.key === "Tab") closeOverlay();
}

function begin(event, id, choices) {
  event.preventDefault();
  openOverlay(id);
  setLocal(id, { index: event.key === "ArrowDown" ? 0 : choices.length - 1 });
}

function move(event, id, count) {
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const from = local(id).index ?? -1;
  setLocal(id, { index: from < 0 && step < 0 ? count - 1 : (from + step + count) % count });
}

function confirm(event, id, choices) {
  const picked = choices[local(id).index];
  if (!picked) return;
  event.preventDefault();
  choose(picked);
}

function leave(event) {
  event.preventDefault();
  event.stopPropagation();
  closeOverlay();
}
