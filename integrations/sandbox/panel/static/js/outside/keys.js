/** Keys: what people would copy from their accounts elsewhere, and what a vendor adds to that. */

import { avatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state } from "../page/store.js";
import { vendors } from "./vendors.js";

const COPIED_MS = 1500;

/** The tab. */
export function drawKeys() {
  const { outside } = state;
  if (!outside) return h("p", { class: "faint" }, "Loading…");
  return [
    h(
      "p",
      { key: "about", class: "pane__about" },
      "What each person would find in their own accounts. Paste a key where the app asks for it.",
    ),
    cards(outside.keys).map(([title, keys]) => card(title, keys.map(keyRow))),
    vendors().map(({ script }) => script?.drawKeys?.()),
  ];
}

/** The keys by the title of their card, in the order in which they came. */
function cards(keys) {
  const found = new Map();
  for (const key of keys) found.set(key.card, [...(found.get(key.card) ?? []), key]);
  return [...found];
}

/** A card with a title; a vendor may draw one of its own. */
export function card(title, rows) {
  return h(
    "section",
    { key: title, class: "keys" },
    h("h3", { class: "pane__subtitle" }, title),
    h("div", { class: "keys__card" }, rows),
  );
}

function keyRow({ name, key, person }) {
  const shown = key ? h("code", { class: "keys__key" }, key) : h("span", { class: "faint" }, "no account");
  return h(
    "div",
    { key: `${name}-${key}`, class: "keys__row", "data-key-of": person },
    person && avatar(person, "xs"),
    h("span", { class: "keys__name" }, name),
    shown,
    key && copyButton(name, key),
  );
}

function copyButton(name, key) {
  const copied = local("copied", { key: "" }).key === key;
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": copied ? "Copied" : `Copy the key of ${name}`,
      title: "Copy",
      onclick: () => copy(key),
    },
    icon(copied ? "check" : "copy"),
  );
}

async function copy(key) {
  await navigator.clipboard?.writeText(key);
  setLocal("copied", { key });
  setTimeout(() => setLocal("copied", { key: "" }), COPIED_MS);
}
