/** OpenRouter: the keys of the account, as its page of keys lists them. */

import { h } from "panel/page/dom.js";
import { state } from "panel/page/store.js";
import { dateTime } from "panel/text/time.js";
import { grid, nothing } from "panel/outside/parts.js";

const account = () => state.outside?.openrouter ?? {};
const keys = () => account().keys ?? [];
const dollars = (value) => (value === null || value === undefined ? "none" : `$${Number(value).toFixed(2)}`);
const under = (words, below) => h("span", {}, words, h("span", { class: "grid__under" }, below));

const COLUMNS = [
  ["Key", (key) => under(key.name, key.label)],
  ["Limit", (key) => (key.limit_reset ? under(dollars(key.limit), key.limit_reset) : dollars(key.limit))],
  ["Used", (key) => dollars(key.usage)],
  ["State", (key) => (key.disabled ? "disabled" : "live")],
  ["Made", (key) => dateTime(key.created_at)],
];

/** How many there are. */
export function count() {
  return keys().length;
}

/** The tab. */
export function draw() {
  const rows = keys();
  if (!rows.length)
    return [nothing("lock", "No keys", "Each user who signs up gets one; it appears here.")];
  return [
    h("p", { key: "credits", class: "faint" }, `Credits: ${dollars(account().credits)}, used ${dollars(account().used)}`),
    grid(COLUMNS, rows, { label: "Keys", keyOf: (key) => key.hash }),
  ];
}
