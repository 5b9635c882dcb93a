/** The other side of the world: what the app did for people, customers and the CRM, and on the wire. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, state } from "../page/store.js";
import { drawFaults, plannedFaults } from "./faults.js";
import { drawJournal } from "./journal.js";
import { drawKeys } from "./keys.js";
import { drawSteps } from "./steps.js";
import { leaveSheet, openTab, showPane } from "./tabs.js";
import { vendors } from "./vendors.js";

const OWN_TABS = [
  { id: "keys", label: "Keys", draw: drawKeys, count: () => 0 },
  { id: "journal", label: "Journal", draw: drawJournal, count: () => 0 },
  { id: "faults", label: "Faults", draw: drawFaults, count: () => plannedFaults().length },
];

/** A tab for every vendor that has one, then those of the panel itself. */
const tabs = () => [...vendors().filter((one) => one.tab).map(vendorTab), ...OWN_TABS];

const vendorTab = ({ name, tab, script }) => ({
  id: name,
  label: tab,
  draw: script.draw,
  count: script.count ?? (() => 0),
});

/** The pane on the right. */
export function drawPane() {
  if (!state.pane.open) return null;
  const tab = tabs().find((one) => one.id === state.pane.tab) ?? tabs()[0];
  return [h("div", { key: "behind", class: "pane__behind", onclick: leaveSheet }), side(tab)];
}

/** Whether a tab that is not on screen has got something since it was looked at. */
export const hasNews = () => tabs().some(isFresh);

const isShown = (one) => state.pane.open && state.pane.tab === one.id;

function isFresh(one) {
  if (!state.outside) return false;
  const count = one.count();
  const looked = local(`looked:${one.id}`, { count });
  if (isShown(one)) looked.count = count;
  return count > looked.count;
}

function side(tab) {
  return h(
    "aside",
    {
      key: "pane",
      class: "pane",
      "aria-label": "The other side of the world",
      onkeydown: (event) => event.key === "Escape" && leaveSheet(),
    },
    h(
      "header",
      { class: "pane__head" },
      icon("globe"),
      h("h2", { class: "pane__title" }, "The other side"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button pane__close",
          "aria-label": "Back to Slack",
          onclick: () => showPane(false),
        },
        icon("close"),
      ),
    ),
    drawSteps(),
    h(
      "div",
      { class: "pane__tabs", role: "tablist", "aria-label": "Services", onkeydown: onArrow },
      tabs().map((one) => tabButton(one, tab)),
    ),
    h(
      "div",
      {
        key: tab.id,
        class: "pane__body",
        role: "tabpanel",
        tabindex: "0",
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
  const fresh = isFresh(one);
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

function onArrow(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = tabs();
  const at = all.findIndex((one) => one.id === state.pane.tab);
  openTab(all[(at + step + all.length) % all.length].id);
  setTimeout(() => document.querySelector(".pane__tab.is-current")?.focus());
}
