/** Crono: the CRM's accounts, people, deals, notes and tasks as tables. */

import { h } from "panel/page/dom.js";
import { local, setLocal, state } from "panel/page/store.js";
import { asDate, dateTime, dayKey } from "panel/text/time.js";
import { grid, nothing, segment } from "panel/outside/parts.js";

const own = () => local("crono", { kind: "accounts", search: "" });
const crm = () => state.outside?.crono ?? {};
const accountName = (row) =>
  row.accountName ??
  row.account?.name ??
  crm().accounts?.find((one) => idOf(one) === (row.accountId ?? row.companyId))?.name ??
  row.accountId;
const idOf = (row) => row.objectId ?? row.id ?? row.accountId;
const money = (row) =>
  row.amount === undefined || row.amount === null
    ? ""
    : `${Number(row.amount).toLocaleString("en-US")} ${row.currency ?? ""}`.trim();
const named = (row) => row.name ?? [row.firstName, row.lastName].filter(Boolean).join(" ");

const under = (words, below) => h("span", {}, words, below && h("span", { class: "grid__under" }, below));

const KINDS = {
  accounts: [
    "Accounts",
    [
      ["Name", (row) => row.name],
      ["Website", (row) => (row.website ?? row.domain ?? "").replace(/^https?:\/\//u, "")],
      ["Industry", (row) => row.industry],
      ["Country", (row) => row.country],
    ],
  ],
  prospects: [
    "Prospects",
    [
      ["Name", (row) => under(named(row), row.title)],
      ["E-mail", (row) => row.email],
      ["Account", accountName],
    ],
  ],
  deals: [
    "Deals",
    [
      ["Deal", (row) => under(row.name, accountName(row))],
      ["Stage", (row) => row.stage ?? row.stageName],
      ["Amount", money],
      ["Close", (row) => dayOf(row.closeDate)],
    ],
  ],
  notes: [
    "Notes",
    [
      ["When", (row) => dateTime(row.createdDate ?? row.createdAt ?? row.date)],
      [
        "Note",
        (row) => under(words(row.description ?? row.content ?? row.text ?? row.body), accountName(row)),
      ],
    ],
  ],
  tasks: [
    "Tasks",
    [
      ["Due", (row) => dateTime(row.activityDate ?? row.dueDate ?? row.date)],
      ["Type", (row) => row.type],
      ["Subject", (row) => row.subject ?? row.title],
      ["Status", (row) => row.status],
    ],
  ],
};

const dayOf = (value) => (asDate(value) ? dayKey(asDate(value)) : value);
const newestFirst = (one, other) => String(other.createdDate).localeCompare(String(one.createdDate));
const words = (text) =>
  h(
    "span",
    { class: "crono__note" },
    String(text ?? "")
      .replace(/<br\s*\/?>/giu, "\n")
      .replace(/<[^>]+>/gu, "")
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
      oninput: (event) => setLocal("crono", { search: event.target.value }),
    }),
    h(
      "div",
      { key: `rows-${kind}` },
      rows.length
        ? grid(KINDS[kind][1], rows, { label: KINDS[kind][0], keyOf: idOf })
        : nothing(
            "building",
            `No ${KINDS[kind][0].toLowerCase()}`,
            search ? "Nothing fits the search." : "What the app writes into the CRM appears here.",
          ),
    ),
  ];
}

function kindSegment(id, label) {
  const count = h("span", { class: "segments__count" }, String(crm()[id]?.length ?? 0));
  return segment(label, own().kind === id, () => setLocal("crono", { kind: id, search: "" }), count);
}
