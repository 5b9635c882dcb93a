/** Webhooks: what the customer's server got from the app, and whether the signature was right. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { asDate } from "panel/text/time.js";
import { pretty } from "panel/outside/parts.js";

const own = () => local("webhooks", { open: 0, secret: "", problem: "" });

/** Every delivery, newest first. */
export const deliveries = () => state.outside?.site ?? [];

/** The lower half of the customer's site. */
export function drawWebhooks() {
  const all = deliveries();
  return h(
    "section",
    { key: "webhooks", class: "webhooks", "aria-label": "Webhooks" },
    h("h3", { class: "pane__subtitle" }, "Webhooks it got"),
    h(
      "p",
      { class: "pane__about" },
      "Its server listens at ",
      h("code", { class: "webhooks__address" }, `${location.origin}/site/webhooks`),
    ),
    secret(),
    all.length
      ? h("div", { key: "list", class: "journal", role: "list" }, all.map(delivery))
      : h("p", { key: "none", class: "faint" }, "None yet."),
  );
}

function secret() {
  const { problem } = own();
  return h(
    "form",
    { key: "secret", class: "webhooks__secret", onsubmit: trust },
    h("input", {
      class: "input input--small",
      "aria-label": "Secret of the webhooks",
      placeholder: "whsec_… to check who signed",
      autocomplete: "off",
      value: own().secret,
      oninput: (event) => setLocal("webhooks", { secret: event.target.value, problem: "" }),
    }),
    h("button", { type: "submit", class: "button" }, "Check"),
    problem && h("p", { class: "field__error", role: "alert" }, problem),
  );
}

async function trust(event) {
  event.preventDefault();
  try {
    const answer = await api.post("site/secret", { secret: own().secret });
    setLocal("webhooks", { problem: answer.error ?? "" });
    refetch(["outside"]);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
}

function delivery(one) {
  const open = own().open === one.n;
  const props = {
    type: "button",
    class: "webhooks__row",
    "aria-expanded": String(open),
    onclick: () => setLocal("webhooks", { open: open ? 0 : one.n }),
  };
  return h(
    "div",
    { key: one.n, role: "listitem", class: `journal__entry${open ? " is-open" : ""}`, "data-webhook": one.n },
    h(
      "button",
      props,
      h("time", { class: "journal__time" }, asDate(one.at)?.toLocaleTimeString("en-GB") ?? one.at),
      h("span", { class: "journal__what" }, h("b", {}, one.type || "(no type)")),
      seal(one),
    ),
    open && details(one),
  );
}

function seal({ signed, problem }) {
  if (signed === null) return h("span", { class: "faint" }, "not checked");
  const kind = signed ? "good" : "bad";
  return h("span", { class: `status status--${kind}`, title: problem || null }, signed ? "signed" : "refused");
}

const details = (one) =>
  h(
    "div",
    { class: "journal__details" },
    one.problem && h("p", { class: "field__error" }, one.problem),
    part("Headers", one.headers),
    part("Body", one.body),
  );

const part = (title, value) =>
  h(
    "section",
    {},
    h("h4", { class: "journal__part" }, title),
    h("pre", { class: "journal__json", tabindex: "0", "aria-label": title }, pretty(value)),
  );
