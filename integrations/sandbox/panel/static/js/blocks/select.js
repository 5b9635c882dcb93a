/** Every select menu: a combobox with a floating list, for one or several choices. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { closeOverlay, isOpen, openOverlay, overlay } from "../page/overlay.js";
import { local, setLocal } from "../page/store.js";
import { plainText } from "../text/inline.js";
import { actionKey, change, domId, marks } from "./actions.js";
import { afterChoosing, chosenOptions, groupsFor, isExternal, isMany, search } from "./options.js";
import { valueOf } from "./values.js";
import { t } from "../text/words.js";

/** Draws a select menu of any type. */
export function select(surface, block, one, field) {
  const menu = describe(surface, block, one, field);
  if (menu.open) overlay(menu.id, list(menu), { fit: true });
  const busy = local(actionKey(surface, block.block_id, one)).busy;
  return h(
    "div",
    {
      class: `select${menu.open ? " is-open" : ""}${menu.many ? " select--many" : ""}${busy ? " is-busy" : ""}`,
      "data-anchor": menu.id,
      onmousedown: (event) => pressBox(event, menu),
    },
    menu.many && menu.chosen.map((option) => token(menu, option)),
    h("div", { class: "select__well" }, !menu.many && !menu.open && face(menu), input(menu)),
    clearButton(menu),
    icon("chevron", "select__chevron"),
  );
}

function describe(surface, block, one, field) {
  const id = `select:${domId(surface, block.block_id, one)}`;
  const own = local(id, { query: "", index: 0 });
  const open = isOpen(id);
  const value = valueOf(surface, block.block_id, one);
  const groups = open ? groupsFor(one, id, own.query) : [];
  return {
    id,
    surface,
    block,
    one,
    field,
    open,
    value,
    own,
    groups,
    many: isMany(one),
    chosen: chosenOptions(one, value),
    rows: groups.flatMap((group) => group.options),
  };
}

const face = ({ chosen, one }) =>
  h(
    "span",
    { class: `select__face${chosen.length ? "" : " is-empty"}`, "aria-hidden": "true" },
    chosen.length
      ? [chosen[0].face, h("span", { class: "select__text" }, plainText(chosen[0].text))]
      : (one.placeholder?.text ?? t("Select an option")),
  );

function input(menu) {
  const { one, own, open, chosen, many, field, block } = menu;
  const hint = one.placeholder?.text ?? (many ? t("Select options") : t("Select an option"));
  return h("input", {
    ...marks(block, one),
    ...field.props,
    class: `select__input${open || many ? "" : " is-covered"}`,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": String(open),
    "aria-autocomplete": "list",
    "aria-controls": open ? `${menu.id}-list` : null,
    "aria-activedescendant": open && menu.rows.length ? rowId(menu, own.index) : null,
    placeholder: many && chosen.length ? "" : (!many && chosen[0]?.text.text) || hint,
    value: open || many ? own.query : (chosen[0]?.text.text ?? ""),
    onblur: () => isOpen(menu.id) && closeOverlay(),
    oninput: (event) => typed(menu, event.target.value),
    onkeydown: (event) => onKey(event, menu),
  });
}

function pressBox(event, menu) {
  if (event.target.closest(".token__remove, .select__clear")) return;
  const field = event.currentTarget.querySelector("input");
  if (event.target !== field) event.preventDefault();
  field.focus();
  if (!menu.open) open(menu);
  else if (!menu.many) closeOverlay();
}

function open(menu) {
  const at = groupsFor(menu.one, menu.id, "")
    .flatMap((group) => group.options)
    .findIndex((option) => !menu.many && option.value === menu.chosen[0]?.value);
  setLocal(menu.id, { query: "", index: Math.max(0, at) });
  openOverlay(menu.id, () => setLocal(menu.id, { query: "" }));
  if (isExternal(menu.one)) search(menu.surface, menu.block, menu.one, menu.id, "");
}

function typed(menu, query) {
  if (!menu.open) open(menu);
  setLocal(menu.id, { query, index: 0 });
  if (isExternal(menu.one)) search(menu.surface, menu.block, menu.one, menu.id, query);
}

function onKey(event, menu) {
  const act = (menu.open ? OPEN_KEYS : CLOSED_KEYS)[event.key];
  if (act?.(menu, event) === false) return;
  if (act) event.preventDefault();
}

const CLOSED_KEYS = {
  ArrowDown: open,
  ArrowUp: open,
  Enter: open,
  " ": (menu) => (menu.many ? false : open(menu)),
  Backspace: removeLast,
};

const OPEN_KEYS = {
  ArrowDown: (menu) => step(menu, 1),
  ArrowUp: (menu) => step(menu, -1),
  Enter: (menu) => menu.rows[menu.own.index] && choose(menu, menu.rows[menu.own.index]),
  Escape: (menu, event) => {
    event.stopPropagation();
    closeOverlay();
  },
  Backspace: removeLast,
  Tab: () => {
    closeOverlay();
    return false;
  },
};

function step(menu, by) {
  const count = menu.rows.length;
  if (count) setLocal(menu.id, { index: (menu.own.index + by + count) % count });
}

function removeLast(menu) {
  if (!menu.many || menu.own.query || !menu.chosen.length) return false;
  choose(menu, menu.chosen.at(-1), false);
  return true;
}

function choose(menu, option, close = !menu.many) {
  const { one, value, surface, block, field } = menu;
  const adds = !menu.chosen.some((other) => other.value === option.value);
  if (menu.many && adds && one.max_selected_items && menu.chosen.length >= one.max_selected_items) return;
  if (close) closeOverlay();
  else if (menu.own.query) typed(menu, "");
  if (menu.many || adds) change(surface, block.block_id, one, afterChoosing(one, value, option), field);
}

function token(menu, option) {
  const remove = {
    type: "button",
    class: "token__remove",
    tabindex: "-1",
    "aria-label": `Remove ${option.text.text}`,
    onclick: () => choose(menu, option, false),
  };
  return h(
    "span",
    { key: `token-${option.value}`, class: "token", "data-value": option.value },
    option.face,
    h("span", { class: "token__text" }, plainText(option.text)),
    h("button", remove, icon("close")),
  );
}

function clearButton(menu) {
  if (menu.many || !menu.field.optional || !menu.chosen.length) return null;
  const clear = () => change(menu.surface, menu.block.block_id, menu.one, null, menu.field);
  return h(
    "button",
    {
      key: "clear",
      type: "button",
      class: "select__clear",
      tabindex: "-1",
      "aria-label": "Clear the choice",
      onclick: clear,
    },
    icon("close"),
  );
}

const rowId = (menu, index) => `${menu.id}-option-${index}`;

function list(menu) {
  const note = noteFor(menu);
  return h(
    "div",
    {
      class: "menu menu--list",
      role: "listbox",
      id: `${menu.id}-list`,
      "aria-multiselectable": menu.many ? "true" : null,
      "data-option-of": menu.one.action_id,
    },
    note
      ? h("div", { class: "menu__note", role: "status" }, note)
      : menu.groups.map((group) => groupRows(menu, group)),
  );
}

function keepInSight(node, active) {
  if (active && !node.wasActive) node.scrollIntoView({ block: "nearest" });
  node.wasActive = active;
}

function noteFor({ one, own, rows }) {
  if (!isExternal(one)) return rows.length ? "" : t("No results");
  if (own.status === "short")
    return own.least === 1 ? t("Start typing to search") : t("Type at least {least} characters to search", { least: own.least });
  if (own.status === "failed") return t("Something went wrong while loading the options. Try again.");
  if (own.status === "loading" && !rows.length) return t("Loading…");
  return rows.length ? "" : t("No results");
}

function groupRows(menu, group) {
  const rows = group.options.map((option) => optionRow(menu, option, menu.rows.indexOf(option)));
  if (!group.label) return rows;
  return h(
    "div",
    { role: "group", "aria-label": group.label.text },
    h("div", { class: "menu__heading", role: "presentation" }, plainText(group.label)),
    rows,
  );
}

function optionRow(menu, option, index) {
  const active = menu.own.index === index;
  const chosen = menu.chosen.some((other) => other.value === option.value);
  const props = {
    id: rowId(menu, index),
    class: `menu__item${active ? " is-active" : ""}${chosen ? " is-chosen" : ""}`,
    role: "option",
    "aria-selected": String(chosen),
    "data-value": option.value,
    onclick: () => choose(menu, option),
    onmousemove: () => active || setLocal(menu.id, { index }),
    drawn: (node) => keepInSight(node, active),
  };
  return h(
    "div",
    props,
    option.face,
    h(
      "span",
      { class: "menu__words" },
      h("span", { class: "menu__label" }, plainText(option.text)),
      option.description && h("span", { class: "menu__detail" }, plainText(option.description)),
    ),
    chosen && icon("check", "menu__check"),
  );
}
