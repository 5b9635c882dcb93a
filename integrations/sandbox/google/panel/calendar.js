/** The calendars of everybody: what is coming and what was, day by day. */

import { h } from "panel/page/dom.js";
import { local, setLocal, state } from "panel/page/store.js";
import { asDate, clockTime, dayKey, dayName } from "panel/text/time.js";
import { nothing } from "panel/outside/parts.js";

const SIGNS = { accepted: "✓", declined: "✗", tentative: "?", needsAction: "·" };
const SHOWN = 60;
const own = () => local("calendar", { owner: "" });

/** The tab. */
export function draw() {
  const boxes = (state.outside?.calendar ?? []).filter((box) => box.events?.length);
  if (!boxes.length)
    return nothing(
      "calendar",
      "Nothing in the calendars",
      "Events that people have, and events that the app creates, appear here.",
    );
  const box = boxes.find((one) => one.email === own().owner) ?? boxes[0];
  return [
    h(
      "div",
      { key: "owners", class: "journal__filters" },
      boxes.map((one) => chip(one, one === box)),
    ),
    agenda(box),
  ];
}

function chip(one, on) {
  return h(
    "button",
    {
      key: one.email,
      type: "button",
      class: `chip${on ? " is-current" : ""}`,
      "aria-pressed": String(on),
      title: one.email,
      onclick: () => setLocal("calendar", { owner: one.email }),
    },
    one.email.split("@")[0],
  );
}

const startOf = (event) => asDate(event.start?.dateTime ?? event.start?.date ?? event.start);
const endOf = (event) => asDate(event.end?.dateTime ?? event.end?.date ?? event.end);

function agenda(box) {
  const today = dayKey(new Date());
  const sorted = box.events.filter(startOf).sort((one, other) => startOf(one) - startOf(other));
  const coming = sorted.filter((event) => dayKey(startOf(event)) >= today).slice(0, SHOWN);
  const past = sorted.filter((event) => dayKey(startOf(event)) < today).slice(-SHOWN);
  return h("div", { key: box.email }, days("Today and coming up", coming, false), days("Past", past, true));
}

function days(title, events, backwards) {
  if (!events.length) return null;
  const keys = [...new Set(events.map((event) => dayKey(startOf(event))))];
  if (backwards) keys.reverse();
  const shown = keys.map((key) =>
    day(
      key,
      events.filter((event) => dayKey(startOf(event)) === key),
    ),
  );
  return h(
    "section",
    { key: title, class: "agenda-part" },
    h("h3", { class: "pane__subtitle" }, title),
    shown,
  );
}

function day(key, events) {
  return h(
    "div",
    { key, class: "agenda" },
    h("h4", { class: "agenda__day" }, dayName(startOf(events[0]))),
    events.map(entry),
  );
}

function entry(event) {
  const guests = event.attendees ?? [];
  return h(
    "div",
    {
      key: event.id,
      class: `agenda__event${event.status === "cancelled" ? " is-cancelled" : ""}`,
      "data-event-id": event.id,
    },
    h(
      "span",
      { class: "agenda__time" },
      clockTime(startOf(event)),
      endOf(event) && h("span", {}, clockTime(endOf(event))),
    ),
    h(
      "div",
      { class: "agenda__words" },
      h("strong", {}, event.summary || "(no title)"),
      guests.length > 0 && h("ul", { class: "agenda__guests" }, guests.map(guest)),
      event.hangoutLink && h("span", { class: "faint" }, event.hangoutLink),
      (event.mailed ?? []).map((one) =>
        h("span", { class: "faint agenda__mailed" }, `✉ ${one.kind}: ${one.to.join(", ")}`),
      ),
    ),
  );
}

function guest(one) {
  const status = one.responseStatus ?? "needsAction";
  return h(
    "li",
    { class: `guest guest--${status}`, title: status },
    h("span", { "aria-hidden": "true" }, SIGNS[status] ?? "·"),
    ` ${one.displayName || one.email}`,
  );
}
