/** Stripe: subscriptions, money, deliveries, the account's clock and switches. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { dateTime } from "panel/text/time.js";
import { grid, nothing, segment } from "panel/outside/parts.js";

const DAY = 86_400;
const STEPS = [
  ["+1 day", DAY],
  ["+7 days", 7 * DAY],
  ["+1 month", 31 * DAY],
];
const SWITCHES = [
  ["duplicate", "Each event comes twice"],
  ["disorder", "Events come in any order"],
  ["paused", "Hold events back"],
  ["delay", "Seconds until an event is sent"],
  ["lose", "So many events get lost"],
  ["retry_days", "Days after which a payment is retried"],
  ["after_retries", "Then: unpaid, cancel or past_due"],
  ["portal_sets_cancel_at", "The portal cancels by cancel_at alone"],
  ["portal_configured", "The portal is configured"],
];

const account = () =>
  state.outside?.stripe ?? { subscriptions: [], invoices: [], charges: [], disputes: [], deliveries: [], coming: [], settings: {} };
const own = () => local("stripe", { shown: "subscriptions", told: "" });
const at = (seconds) => (seconds ? dateTime(new Date(seconds * 1000).toISOString()) : "");
const money = (amount, currency) => `${(amount / 100).toFixed(2)} ${String(currency).toUpperCase()}`;
const under = (words, below) => h("span", {}, words, h("span", { class: "grid__under" }, below));

/** How many subscriptions there are. */
export const count = () => account().subscriptions.length;

/** The tab. */
export function draw() {
  const { shown, told } = own();
  return [
    clock(),
    h("p", { key: "told", class: "faint", role: "status", "data-stripe": "told" }, told),
    h(
      "div",
      { key: "kinds", class: "segments segments--wide", role: "tablist", "aria-label": "What to see" },
      Object.entries(SHOWN).map(([id, [label]]) => segment(label, shown === id, () => setLocal("stripe", { shown: id }))),
    ),
    h("div", { key: shown }, SHOWN[shown][1]()),
  ];
}

const SHOWN = {
  subscriptions: ["Subscriptions", drawSubscriptions],
  money: ["Money", drawMoney],
  events: ["Events", drawEvents],
  settings: ["Settings", drawSettings],
};

function clock() {
  const { now, coming } = account();
  return [
    h(
      "div",
      { key: "clock", class: "stripe__clock" },
      h("strong", {}, at(now)),
      button("To what comes next", () => play("next", {}), "button--primary"),
      STEPS.map(([label, seconds]) => button(label, () => play("advance", { seconds }))),
    ),
    h(
      "ul",
      { key: "coming", class: "stripe__coming faint" },
      coming.map((due) => h("li", { key: `${due.what}-${due.subject}` }, `${at(due.at)}: ${due.what}`)),
    ),
  ];
}

function drawSubscriptions() {
  const { subscriptions } = account();
  if (!subscriptions.length) return nothing("lock", "No subscriptions", "Begin one at /pricing of the app.");
  const columns = [
    ["Customer", (one) => under(one.email ?? one.customer, one.id)],
    ["Plan", (one) => one.items.data[0].price.nickname],
    ["Status", (one) => under(one.status, one.pause_collection ? "collection paused" : ending(one))],
    ["", subscriptionButtons],
  ];
  return grid(columns, subscriptions, { label: "Subscriptions", keyOf: (one) => one.id });
}

const ending = (one) => (one.cancel_at ? `ends ${at(one.cancel_at)}` : "");

function subscriptionButtons(one) {
  if (one.status === "canceled") return "";
  const paused = Boolean(one.pause_collection);
  return h(
    "span",
    { class: "stripe__row" },
    button("Card fails", () => play("card", { customer: one.customer, works: false })),
    button("Card works", () => play("card", { customer: one.customer, works: true })),
    button(paused ? "Go on" : "Pause", () => play("pause", { subscription: one.id, behavior: paused ? "" : "void" })),
    button("Cancel now", () => play("cancel", { subscription: one.id, now: true })),
  );
}

function drawMoney() {
  const { charges, invoices, disputes } = account();
  if (!invoices.length && !charges.length) return nothing("mail", "No money yet", "Invoices and charges appear here.");
  return [
    grid(
      [
        ["Invoice", (one) => under(one.number, at(one.created))],
        ["Amount", (one) => money(one.total, one.currency)],
        ["Status", (one) => one.status],
        ["", (one) => one.status === "open" && h("a", { href: one.hosted_invoice_url, target: "_blank", rel: "noopener" }, "Open")],
      ],
      invoices,
      { label: "Invoices", keyOf: (one) => one.id },
    ),
    grid(
      [
        ["Charge", (one) => under(money(one.amount, one.currency), at(one.created))],
        ["Status", (one) => (one.disputed ? "disputed" : one.refunded ? "refunded" : one.status)],
        ["", chargeButtons],
      ],
      charges,
      { label: "Charges", keyOf: (one) => one.id },
    ),
    disputes.length > 0 &&
      grid(
        [
          ["Dispute", (one) => under(one.status, one.reason)],
          ["", disputeButtons],
        ],
        disputes,
        { label: "Disputes", keyOf: (one) => one.id },
      ),
  ];
}

function chargeButtons(one) {
  if (!one.paid || one.refunded || one.disputed) return "";
  return h(
    "span",
    { class: "stripe__row" },
    button("Refund", () => play("refund", { charge: one.id })),
    button("Dispute", () => play("dispute", { charge: one.id })),
  );
}

function disputeButtons(one) {
  if (one.status !== "needs_response") return "";
  return h(
    "span",
    { class: "stripe__row" },
    button("Won", () => play("dispute", { dispute: one.id, won: true })),
    button("Lost", () => play("dispute", { dispute: one.id, won: false })),
  );
}

function drawEvents() {
  const { deliveries } = account();
  if (!deliveries.length) return nothing("mail", "No events yet", "What the app is told appears here.");
  const columns = [
    ["Event", (one) => under(one.type, one.event)],
    ["State", (one) => under(one.state, one.tries ? `${one.tries} × ${one.status || one.note || "no answer"}` : "")],
    ["", (one) => button("Resend", () => play("resend", { event: one.event }))],
  ];
  return grid(columns, deliveries, { label: "Events", keyOf: (one) => `${one.event}-${one.tries}` });
}

function drawSettings() {
  const { settings } = account();
  return h(
    "div",
    { class: "stripe__switches" },
    SWITCHES.map(([name, label]) => {
      const kind = typeof settings[name];
      const isSwitch = kind === "boolean";
      const props = isSwitch
        ? { type: "checkbox", checked: settings[name] }
        : { type: kind === "number" ? "number" : "text", class: "input input--small", value: settings[name] };
      const read = (input) => (isSwitch ? input.checked : kind === "number" ? Number(input.value) : input.value);
      return [
        h("label", { key: `l-${name}`, for: `stripe-${name}` }, label),
        h("input", {
          key: `i-${name}`,
          id: `stripe-${name}`,
          ...props,
          onchange: (event) => play("settings", { [name]: read(event.target) }),
        }),
      ];
    }),
  );
}

const button = (label, onclick, more = "") =>
  h("button", { key: label, type: "button", class: `button button--small ${more}`, onclick }, label);

async function play(verb, body) {
  try {
    const answer = await api.post(`stripe/${verb}`, body);
    if (answer.error) update({ failure: answer.error });
    setLocal("stripe", { told: answer.told ?? "" });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
  refetch(["outside"]);
}
