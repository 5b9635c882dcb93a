/** Records of several kinds as tables, one kind at a time, with a search: the tab of a CRM. */

import { h } from "panel/page/dom.js";
import { local, setLocal } from "panel/page/store.js";
import { grid, nothing, segment } from "panel/outside/parts.js";

// What a client writes: its newest is what one looks for.
const WRITTEN = ["notes", "tasks"];

/** Two lines in one cell. */
export const under = (words, below) =>
  h("span", {}, words, below && h("span", { class: "grid__under" }, below));

/**
 * The tab called `tab`. `kinds`: id → [label, columns of a grid]; `records`: id → rows; `stamp`: when
 * a row was written, as text that sorts; `empty`: what appears here.
 */
export function recordsTab({ tab, kinds, records, idOf, stamp, empty }) {
  const { kind, search } = local(tab, { kind: Object.keys(kinds)[0], search: "" });
  const [label, columns] = kinds[kind];
  const rows = (records[kind] ?? []).filter((row) =>
    JSON.stringify(row).toLowerCase().includes(search.toLowerCase()),
  );
  if (WRITTEN.includes(kind)) rows.sort((one, other) => stamp(other).localeCompare(stamp(one)));
  return [
    h(
      "div",
      { key: "kinds", class: "segments segments--wide", role: "tablist", "aria-label": "Kinds" },
      Object.entries(kinds).map(([id, [name]]) => {
        const count = h("span", { class: "segments__count" }, String(records[id]?.length ?? 0));
        return segment(name, kind === id, () => setLocal(tab, { kind: id, search: "" }), count);
      }),
    ),
    h("input", {
      key: "search",
      class: "input input--small",
      type: "search",
      "aria-label": `Search ${label}`,
      placeholder: `Search ${label.toLowerCase()}`,
      value: search,
      oninput: (event) => setLocal(tab, { search: event.target.value }),
    }),
    h(
      "div",
      { key: `rows-${kind}` },
      rows.length
        ? grid(columns, rows, { label, keyOf: idOf })
        : nothing(
            "building",
            `No ${label.toLowerCase()}`,
            search ? "Nothing fits the search." : empty,
          ),
    ),
  ];
}
