/** Fathom: a meeting ends, whose, which, and with what trouble; and what the app was told. */

import * as api from "panel/page/api.js";
import { h } from "panel/page/dom.js";
import { local, setLocal, state, update } from "panel/page/store.js";
import { refetch } from "panel/page/sync.js";
import { grid } from "panel/outside/parts.js";
import { viewer } from "panel/page/people.js";

const TROUBLES = [
  ["", "Nothing goes wrong"],
  ["webhook_twice", "The webhook comes twice"],
  ["webhook_late", "The webhook comes 10 seconds late"],
  ["webhook_lost", "The webhook is lost"],
  ["webhook_wrong_signature", "Somebody else signed it"],
  ["webhook_old", "It was signed ten minutes ago"],
];

const fathom = () => state.outside?.fathom ?? { people: [], deliveries: [], hooks: [] };
const own = () => local("fathom", { person: "", meeting: "customer", trouble: "", told: "" });
const chosen = () =>
  fathom().people.find((one) => one.id === own().person) ??
  fathom().people.find((one) => one.id === viewer()?.id) ??
  fathom().people[0];

/** How many deliveries there were. */
export const count = () => fathom().deliveries.length;

/** Things to try. */
export const steps = [
  {
    id: "arrival",
    place: 12,
    title: "Let a meeting end",
    about: "Its draft is waiting in the messages, without a command.",
    tab: "fathom",
    done: () => fathom().deliveries.length > 0,
  },
];

/** The tab. */
export function draw() {
  const person = chosen();
  return [
    h("h3", { key: "title", class: "pane__subtitle" }, "A meeting ends"),
    h(
      "form",
      { key: "end", class: "fathom__end", onsubmit: end, "data-fathom": "end" },
      select("person", "Whose", fathom().people.map((one) => [one.id, one.name]), person?.id ?? ""),
      select("meeting", "Which", (person?.meetings ?? []).map((one) => [one.id, one.title]), own().meeting),
      select("trouble", "Trouble", TROUBLES, own().trouble),
      h("button", { type: "submit", class: "button button--primary" }, "It ends now"),
    ),
    h(
      "p",
      { key: "about", class: "pane__about" },
      "The app writes to whoever took part, as they chose in /seguito settings; in their quiet hours it waits.",
    ),
    h("p", { key: "told", class: "faint", role: "status", "data-fathom": "told" }, own().told),
    h("h3", { key: "heads", class: "pane__subtitle" }, "What the app was told"),
    fathom().deliveries.length
      ? grid(COLUMNS, fathom().deliveries, { label: "Deliveries", keyOf: (one) => one.id })
      : h("p", { key: "none", class: "faint" }, "Nothing yet."),
  ];
}

const nameOf = (id) => fathom().people.find((one) => one.id === id)?.name ?? id;
const COLUMNS = [
  ["To", (one) => nameOf(one.owner)],
  ["Meeting", (one) => one.title],
  ["State", (one) => `${one.state}${one.tries > 1 ? `, ${one.tries} tries` : ""}`],
  ["Answer", (one) => one.status || one.note],
];

function select(name, label, options, value) {
  return h(
    "select",
    {
      key: name,
      class: "input input--small",
      "aria-label": label,
      onchange: (event) => setLocal("fathom", { [name]: event.target.value }),
    },
    options.map(([id, words]) => h("option", { key: id, value: id, selected: id === value }, words)),
  );
}

async function end(event) {
  event.preventDefault();
  const { meeting, trouble } = own();
  try {
    const body = { person: chosen().id, meeting, trouble, seconds: 10 };
    const answer = await api.post("fathom/end", body);
    const told = answer.error ?? `It ended; ${answer.told} webhook${answer.told === 1 ? "" : "s"} told.`;
    setLocal("fathom", { told });
    refetch(["outside", "faults"]);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
}
