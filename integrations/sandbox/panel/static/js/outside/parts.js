/** Small pieces that the tabs of the pane share. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";

/** What a tab shows when there is nothing yet. */
export function nothing(name, title, text) {
  return h("div", { class: "nothing" }, icon(name), h("strong", {}, title), h("p", {}, text));
}

/** A table out of rows of objects; `columns` are [title, row => cell]. */
export function grid(columns, rows, { label, keyOf }) {
  return h(
    "div",
    { class: "grid-scroll", role: "region", "aria-label": label, tabindex: "0" },
    h(
      "table",
      { class: "grid grid--pane" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(([title]) => h("th", { scope: "col" }, title)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row, index) =>
          h(
            "tr",
            { key: keyOf?.(row) ?? index },
            columns.map(([, cell]) => h("td", {}, shown(cell(row)))),
          ),
        ),
      ),
    ),
  );
}

function shown(value) {
  if (value === null || value === undefined || value === "") return h("span", { class: "faint" }, "–");
  return typeof value === "object" ? value : String(value);
}

/** One of several things side by side, of which one is chosen; `more` stands behind its label. */
export function segment(label, isChosen, choose, ...more) {
  return h(
    "button",
    {
      type: "button",
      role: "tab",
      class: `segments__one${isChosen ? " is-current" : ""}`,
      "aria-selected": String(isChosen),
      onclick: choose,
    },
    label,
    ...more,
  );
}

/** A list of addresses as text, whatever form they came in. */
export function people(value) {
  const list = Array.isArray(value) ? value : value ? [value] : [];
  return list
    .map((one) => (typeof one === "string" ? one : one.name || one.email || one.displayName))
    .join(", ");
}

/** JSON, readable. */
export function pretty(value) {
  if (value === null || value === undefined || value === "") return "(empty)";
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
