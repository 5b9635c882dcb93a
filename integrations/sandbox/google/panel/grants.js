/** Who is connected to Google, and what an hour or the account's owner may do to that. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { card } from "panel/outside/keys.js";

/** The card of those who are connected. */
export function drawKeys() {
  const grants = state.outside?.google ?? [];
  return card("Google", rows(grants));
}

function rows(grants) {
  if (!grants.length)
    return [h("p", { key: "none", class: "faint keys__none" }, "Nobody has connected Google yet.")];
  return grants.map((grant, index) =>
    h(
      "div",
      { key: `grant-${index}`, class: "keys__row keys__row--grant", "data-grant": grant.email },
      h("span", { class: `vendor-dot${grant.alive ? " is-alive" : ""}` }),
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
    await api.post("grants", { email: grant.email, do: name });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
  refetch(["outside"]);
}
