/** Keys: what people would copy from their accounts elsewhere, and who is connected to Google. */

import * as api from "../page/api.js";
import { avatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { personName } from "../page/people.js";
import { local, setLocal, state, update } from "../page/store.js";
import { refetch } from "../page/sync.js";

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
    card("Fathom", (outside.fathom_keys ?? []).map(fathomRow)),
    card(
      "Crono",
      Object.entries(outside.crono_keys ?? {}).map(([name, key]) => keyRow(name, null, key)),
    ),
    card("Seguito", [keyRow("X-Admin-Key of its HTTP API", null, outside.admin_key)]),
    card(
      "A customer’s own AI accounts",
      Object.entries(outside.provider_keys ?? {}).map(([name, key]) => keyRow(name, null, key)),
    ),
    card("Google", grantRows(outside.google_grants ?? [])),
  ];
}

function card(title, rows) {
  if (!rows.length) return null;
  return h(
    "section",
    { key: title, class: "keys" },
    h("h3", { class: "pane__subtitle" }, title),
    h("div", { class: "keys__card" }, rows),
  );
}

function fathomRow({ person, key }) {
  return keyRow(personName(person), avatar(person, "xs"), key || "", person);
}

function keyRow(name, face, key, person = null) {
  const shown = key ? h("code", { class: "keys__key" }, key) : h("span", { class: "faint" }, "no account");
  return h(
    "div",
    { key: `${name}-${key}`, class: "keys__row", "data-key-of": person },
    face,
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

function grantRows(grants) {
  if (!grants.length)
    return [h("p", { key: "none", class: "faint keys__none" }, "Nobody has connected Google yet.")];
  return grants.map((grant, index) =>
    h(
      "div",
      { key: `grant-${index}`, class: "keys__row keys__row--grant", "data-grant": grant.email },
      h("span", { class: `vendor-dot vendor-dot--${grant.alive ? "slack" : "gone"}` }),
      h("span", { class: "keys__name", title: (grant.scopes ?? []).join("\n") }, grant.email),
      grant.alive
        ? [deed(grant, "expire", "Let expire"), deed(grant, "revoke", "Revoke")]
        : h("span", { class: "faint" }, "revoked"),
    ),
  );
}

function deed(grant, name, label) {
  return h(
    "button",
    { key: name, type: "button", class: "link-button", onclick: () => change(grant, name) },
    label,
  );
}

async function change(grant, name) {
  try {
    await api.changeGrant(grant.email, name);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
  refetch(["outside"]);
}
