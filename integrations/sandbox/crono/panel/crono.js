/** Crono: the CRM's accounts, people, deals, notes and tasks as tables. */

import { h } from "panel/page/dom.js";
import { state } from "panel/page/store.js";
import { asDate, dateTime, dayKey } from "panel/text/time.js";
import { recordsTab, under } from "panel/outside/records.js";

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
  return recordsTab({
    tab: "crono",
    kinds: KINDS,
    records: crm(),
    idOf,
    stamp: (row) => String(row.createdDate),
    empty: "What the app writes into the CRM appears here.",
  });
}
