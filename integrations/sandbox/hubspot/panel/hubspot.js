/** HubSpot: companies, contacts, deals, notes and tasks as tables, with what they are linked to. */

import { h } from "panel/page/dom.js";
import { local, setLocal, state } from "panel/page/store.js";
import { asDate, dateTime, dayKey } from "panel/text/time.js";
import { grid, nothing, segment } from "panel/outside/parts.js";

const own = () => local("hubspot", { kind: "companies", search: "" });
const crm = () => state.outside?.hubspot ?? {};
const named = (row) =>
  row.name ?? row.dealname ?? [row.firstname, row.lastname].filter(Boolean).join(" ");
const linked = (row, kind) =>
  (row.links?.[kind] ?? [])
    .map((id) => named(crm()[kind]?.find((one) => one.id === id) ?? {}) || id)
    .join(", ");
const company = (row) => linked(row, "companies");
const under = (words, below) => h("span", {}, words, below && h("span", { class: "grid__under" }, below));
const stageOf = (row) => `${row.dealstage} · ${row.pipeline}`;
const owner = (row) => row.hubspot_owner_id ?? "nobody";

const KINDS = {
  companies: [
    "Companies",
    [
      ["Name", (row) => row.name],
      ["Domain", (row) => row.domain],
      ["Industry", (row) => row.industry],
      ["Country", (row) => row.country],
    ],
  ],
  contacts: [
    "Contacts",
    [
      ["Name", (row) => under(named(row), row.jobtitle)],
      ["E-mail", (row) => row.email],
      ["Company", company],
    ],
  ],
  deals: [
    "Deals",
    [
      ["Deal", (row) => under(row.dealname, company(row))],
      ["Stage", stageOf],
      ["Amount", (row) => `${row.amount ?? ""} ${row.deal_currency_code ?? ""}`.trim()],
      ["Close", (row) => (asDate(row.closedate) ? dayKey(asDate(row.closedate)) : "")],
    ],
  ],
  notes: [
    "Notes",
    [
      ["When", (row) => dateTime(row.hs_timestamp)],
      ["Note", (row) => under(words(row.hs_note_body), about(row))],
    ],
  ],
  tasks: [
    "Tasks",
    [
      ["Due", (row) => dateTime(row.hs_timestamp)],
      ["Type", (row) => row.hs_task_type],
      ["Subject", (row) => under(row.hs_task_subject, about(row))],
      ["Owner", owner],
    ],
  ],
};

const about = (row) =>
  ["companies", "deals", "contacts"]
    .map((kind) => linked(row, kind))
    .filter(Boolean)
    .join(" · ");
const newestFirst = (one, other) => String(other.hs_createdate).localeCompare(String(one.hs_createdate));
const words = (text) =>
  h(
    "span",
    { class: "hubspot__note" },
    String(text ?? "")
      .replace(/<br\s*\/?>|<\/p>|<\/li>/giu, "\n")
      .replace(/<[^>]+>/gu, "")
      .replace(/&lt;/gu, "<")
      .replace(/&gt;/gu, ">")
      .replace(/&amp;/gu, "&")
      .trim(),
  );

/** The tab. */
export function draw() {
  const { kind, search } = own();
  const rows = (crm()[kind] ?? []).filter((row) =>
    JSON.stringify(row).toLowerCase().includes(search.toLowerCase()),
  );
  if (kind === "notes" || kind === "tasks") rows.sort(newestFirst);
  return [
    h(
      "div",
      { key: "kinds", class: "segments segments--wide", role: "tablist", "aria-label": "Kinds" },
      Object.entries(KINDS).map(([id, [label]]) => kindSegment(id, label)),
    ),
    h("input", {
      key: "search",
      class: "input input--small",
      type: "search",
      "aria-label": `Search ${KINDS[kind][0]}`,
      placeholder: `Search ${KINDS[kind][0].toLowerCase()}`,
      value: search,
      oninput: (event) => setLocal("hubspot", { search: event.target.value }),
    }),
    h(
      "div",
      { key: `rows-${kind}` },
      rows.length
        ? grid(KINDS[kind][1], rows, { label: KINDS[kind][0], keyOf: (row) => row.id })
        : nothing(
            "building",
            `No ${KINDS[kind][0].toLowerCase()}`,
            search ? "Nothing fits the search." : "What the app writes into HubSpot appears here.",
          ),
    ),
  ];
}

function kindSegment(id, label) {
  const count = h("span", { class: "segments__count" }, String(crm()[id]?.length ?? 0));
  return segment(label, own().kind === id, () => setLocal("hubspot", { kind: id, search: "" }), count);
}
