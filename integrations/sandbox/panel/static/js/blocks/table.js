/** The table block. */

import { h } from "../page/dom.js";
import { words } from "../text/inline.js";
import { richText } from "../text/richtext.js";

/** Draws a table block; the first row is its head. */
export function table(block) {
  const [head = [], ...rest] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  return h(
    "div",
    { class: "grid-scroll", role: "region", "aria-label": "Table", tabindex: "0" },
    h(
      "table",
      { class: "grid" },
      h("thead", {}, row("th", head, settings)),
      h(
        "tbody",
        {},
        rest.map((cells) => row("td", cells, settings)),
      ),
    ),
  );
}

function row(tag, cells, settings) {
  return h(
    "tr",
    {},
    cells.map((cell, index) =>
      h(tag, { class: cellClass(settings[index]), scope: tag === "th" ? "col" : null }, content(cell)),
    ),
  );
}

function cellClass(setting) {
  const align = setting?.align ?? "left";
  return `grid__cell grid__cell--${align}${setting?.is_wrapped ? " grid__cell--wrapped" : ""}`;
}

function content(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return words(String(cell?.text ?? cell?.number ?? cell?.value ?? ""));
}
