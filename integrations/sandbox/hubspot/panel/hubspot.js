/** HubSpot: companies, contacts, deals, notes and tasks as tables, with what they are linked to. */

import { h } from "panel/page/dom.js";
import { state } from "panel/page/store.js";
import { asDate, dateTime, dayKey } from "panel/text/time.js";
import { recordsTab, under } from "panel/outside/records.js";

const crm = () => state.outside?.hubspot ?? {};
const named = (row) =>
  row.name ?? row.dealname ?? [row.firstname, row.lastname].filter(Boolean).join(" ");
const linked = (row, kind) =>
  (row.links?.[kind] ?? [])
    .map((id) => named(crm()[kind]?.find((one) => one.id === id) ?? {}) || id)
    .join(", ");
const company = (row) => linked(row, "companies");
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
  return recordsTab({
    tab: "hubspot",
    kinds: KINDS,
    records: crm(),
    idOf: (row) => row.id,
    stamp: (row) => String(row.hs_createdate),
    empty: "What the app writes into HubSpot appears here.",
  });
}
