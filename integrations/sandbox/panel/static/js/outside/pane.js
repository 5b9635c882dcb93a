/** The other side of the world: what the app did for people, customers and the CRM, and on the wire. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { channelOf, conversation, hints } from "../page/people.js";
import { local, setLocal, state, update } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { suggest } from "../client/composer.js";
import { welcome } from "../client/rail.js";
import { withShortcodes } from "../text/inline.js";
import { drawCalendar } from "./calendar.js";
import { drawCrono } from "./crono.js";
import { drawFaults, plannedFaults } from "./faults.js";
import { drafts, drawGmail } from "./gmail.js";
import { drawInbox, letters } from "./inbox.js";
import { drawJournal } from "./journal.js";
import { drawKeys } from "./keys.js";
import { drawSite } from "./site.js";
import { deliveries } from "./webhooks.js";

const TABS = [
  { id: "gmail", label: "Gmail", draw: drawGmail, count: () => drafts().length },
  { id: "calendar", label: "Calendar", draw: drawCalendar, count: () => 0 },
  { id: "crono", label: "Crono", draw: drawCrono, count: () => 0 },
  { id: "mail", label: "E-mail", draw: drawInbox, count: () => letters().length },
  { id: "site", label: "Site", draw: drawSite, count: () => deliveries().length },
  { id: "keys", label: "Keys", draw: drawKeys, count: () => 0 },
  { id: "journal", label: "Journal", draw: drawJournal, count: () => 0 },
  { id: "faults", label: "Faults", draw: drawFaults, count: () => plannedFaults().length },
];

const TOPICS = { journal: ["journal"], faults: ["faults"] };

/** The pane on the right. */
export function drawPane() {
  if (!state.pane.open) return null;
  const tab = TABS.find((one) => one.id === state.pane.tab) ?? TABS[0];
  return h(
    "aside",
    { key: "pane", class: "pane", "aria-label": "The other side of the world" },
    h(
      "header",
      { class: "pane__head" },
      icon("globe"),
      h("h2", { class: "pane__title" }, "The other side"),
      hintSwitch(),
    ),
    welcomeCard(),
    h(
      "div",
      { class: "pane__tabs", role: "tablist", "aria-label": "Services", onkeydown: onArrow },
      TABS.map((one) => tabButton(one, tab)),
    ),
    h(
      "div",
      {
        key: tab.id,
        class: "pane__body",
        role: "tabpanel",
        id: `pane-${tab.id}`,
        "aria-label": tab.label,
        "data-pane": tab.id,
      },
      tab.draw(),
    ),
  );
}

function tabButton(one, current) {
  const on = one.id === current.id;
  const count = one.count();
  const fresh = !on && count > (local(`looked:${one.id}`, { count }).count ?? 0);
  if (on) local(`looked:${one.id}`).count = count;
  const props = {
    key: one.id,
    type: "button",
    role: "tab",
    class: `pane__tab${on ? " is-current" : ""}`,
    "aria-selected": String(on),
    "aria-controls": `pane-${one.id}`,
    tabindex: on ? "0" : "-1",
    "data-outside": one.id,
    onclick: () => openTab(one.id),
  };
  return h(
    "button",
    props,
    one.label,
    count > 0 && h("span", { class: `pane__count${fresh ? " is-fresh" : ""}` }, String(count)),
  );
}

/** Opens a tab and fetches what it shows. */
export function openTab(id) {
  update({ pane: { ...state.pane, tab: id } });
  refetch(TOPICS[id] ?? ["outside"]);
}

function onArrow(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = TABS.findIndex((one) => one.id === state.pane.tab);
  openTab(TABS[(at + step + TABS.length) % TABS.length].id);
  setTimeout(() => document.querySelector(".pane__tab.is-current")?.focus());
}

function hintSwitch() {
  const open = welcome.isOpen();
  return (
    hints().length > 0 &&
    h(
      "button",
      {
        type: "button",
        class: "link-button pane__hints",
        "aria-expanded": String(open),
        onclick: () => welcome.set(!open),
      },
      icon("spark"),
      "Things to try",
    )
  );
}

function welcomeCard() {
  if (!welcome.isOpen() || !hints().length) return null;
  return h(
    "section",
    { key: "welcome", class: "welcome", "aria-label": "Things to try" },
    h(
      "div",
      { class: "welcome__head" },
      h("strong", {}, "Welcome. Things to try"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close the hints",
          onclick: () => welcome.set(false),
        },
        icon("close"),
      ),
    ),
    h("ul", { class: "welcome__list" }, hints().map(hint)),
  );
}

/** A hint whose words hold a command offers to put it into the composer. */
function hint(text, index) {
  const found = text.match(/(?<![\w/])\/[a-z][a-z-]+(?: [a-z]+(?= to ))?/u)?.[0];
  if (!found) return h("li", { key: `hint-${index}` }, withShortcodes(text));
  const [before, after] = [
    text.slice(0, text.indexOf(found)),
    text.slice(text.indexOf(found) + found.length),
  ];
  return h(
    "li",
    { key: `hint-${index}` },
    withShortcodes(before),
    h("button", { type: "button", class: "welcome__command", onclick: () => tryOut(found) }, found),
    withShortcodes(after),
  );
}

function tryOut(command) {
  setLocal("welcome", {});
  const row = conversation(state.place.channel);
  if (row) suggest(channelOf(row), command);
}
