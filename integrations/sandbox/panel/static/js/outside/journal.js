/** The journal: every request that crossed the wire, newest first. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state } from "../page/store.js";
import { asDate } from "../text/time.js";
import { nothing, pretty } from "./parts.js";
import { tinted } from "./vendors.js";

const SHOWN = 200;
const SLOW_MS = 1000;
const own = () => local("journal", { vendor: "", open: 0, search: "" });

/** The tab. */
export function drawJournal() {
  const all = state.journal;
  if (!all.length)
    return nothing(
      "swap",
      "Nothing yet",
      "Every request between Slack, the app and its vendors is written down here.",
    );
  const rows = all.filter(fits).slice(-SHOWN).reverse();
  return [
    h("div", { key: "filters", class: "journal__filters" }, vendors(all).map(chip)),
    h("input", {
      key: "search",
      class: "input input--small",
      type: "search",
      "aria-label": "Search the journal",
      placeholder: "Search path or content",
      value: own().search,
      oninput: (event) => setLocal("journal", { search: event.target.value }),
    }),
    h(
      "div",
      { key: "rows", class: "journal", role: "list" },
      rows.map(entry),
      !rows.length && h("p", { class: "faint" }, "Nothing fits."),
    ),
  ];
}

function fits(one) {
  const { vendor, search } = own();
  if (vendor && one.vendor !== vendor) return false;
  if (!search) return true;
  const text = `${one.method} ${one.path} ${JSON.stringify(one.request ?? "")} ${JSON.stringify(one.response ?? "")}`;
  return text.toLowerCase().includes(search.toLowerCase());
}

const vendors = (all) => ["", ...[...new Set(all.map((one) => one.vendor))].sort()];

function chip(vendor) {
  const on = own().vendor === vendor;
  return h(
    "button",
    {
      key: vendor || "all",
      type: "button",
      class: `chip${on ? " is-current" : ""}`,
      "aria-pressed": String(on),
      onclick: () => setLocal("journal", { vendor }),
    },
    vendor && h("span", { class: "vendor-dot", style: tinted(vendor) }),
    vendor || "all",
  );
}

function entry(one) {
  const open = own().open === one.n;
  const inbound = one.direction === "out";
  const props = {
    type: "button",
    class: "journal__row",
    "aria-expanded": String(open),
    onclick: () => setLocal("journal", { open: open ? 0 : one.n }),
  };
  const way = inbound ? `${one.vendor} called the app` : `the app called ${one.vendor}`;
  return h(
    "div",
    {
      key: one.n,
      role: "listitem",
      class: `journal__entry${open ? " is-open" : ""}`,
      "data-journal": one.n,
      "data-vendor": one.vendor,
    },
    h(
      "button",
      props,
      h("time", { class: "journal__time" }, timeOf(one.at)),
      h(
        "span",
        { class: "vendor", title: way },
        h("span", { class: "vendor-dot", style: tinted(one.vendor) }),
        one.vendor,
        h("span", { class: "journal__way", role: "img", "aria-label": way }, inbound ? "→ app" : "← app"),
      ),
      h("span", { class: "journal__what" }, h("b", {}, one.method), " ", one.path),
      h(
        "span",
        { class: `status status--${statusKind(one.status)}` },
        one.status ? String(one.status) : "none",
      ),
      h("span", { class: `journal__ms${one.ms > SLOW_MS ? " is-slow" : ""}` }, `${Math.round(one.ms)} ms`),
    ),
    open && details(one),
  );
}

function timeOf(at) {
  return asDate(at)?.toLocaleTimeString("en-GB", { hour12: false }) ?? String(at);
}

function statusKind(status) {
  if (!status || status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}

function details(one) {
  return h(
    "div",
    { class: "journal__details" },
    part("Request", one.request),
    part("Response", one.response),
  );
}

const part = (title, value) =>
  h(
    "section",
    {},
    h("h4", { class: "journal__part" }, title, icon("chevron")),
    h("pre", { class: "journal__json", tabindex: "0", "aria-label": title }, pretty(value)),
  );
