/** The markdown block's standard Markdown as page elements. */

import { h } from "../page/dom.js";
import { emoji } from "./emoji.js";
import { angle, link, words } from "./inline.js";

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/u;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/u;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/u;
const QUOTE = /^\s*> ?/u;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/u;
const TASK = /^\[([ xX])\]\s+/u;

const PIECES = new RegExp(
  [
    "\\\\([\\\\`*_{}\\[\\]()#+\\-.!~|<>])",
    "`([^`\\n]+)`",
    '!?\\[([^\\]\\n]*)\\]\\(([^()\\s]+)(?:\\s+"[^"]*")?\\)',
    "<([^<>\\n]+)>",
    "(https?://[^\\s<>|)]+)",
    "\\*\\*(?=\\S)(.+?)\\*\\*",
    "__(?=\\S)(.+?)__",
    "~~(?=\\S)(.+?)~~",
    "\\*(?=[^\\s*])([^*]+?)\\*",
    "(?<![\\p{L}\\p{N}])_(?=[^\\s_])([^_]+?)_(?![\\p{L}\\p{N}])",
    ":([a-z0-9_+'-]+):",
  ].join("|"),
  "giu",
);

/** A Markdown text as nodes. */
export function markdown(text) {
  const rows = String(text ?? "")
    .replaceAll("\r", "")
    .split("\n");
  return blocks(rows);
}

function blocks(rows) {
  const nodes = [];
  let at = 0;
  while (at < rows.length) {
    const reader = READERS.find(({ starts }) => starts(rows[at], rows[at + 1]));
    const [node, next] = reader.read(rows, at);
    if (node) nodes.push(node);
    at = next;
  }
  return nodes;
}

const READERS = [
  { starts: (row) => !row.trim(), read: (rows, at) => [null, at + 1] },
  { starts: (row) => row.trimStart().startsWith("```"), read: readFence },
  { starts: (row) => HEADING.test(row), read: readHeading },
  { starts: (row) => RULE.test(row), read: (rows, at) => [h("hr", { class: "divider" }), at + 1] },
  { starts: (row) => QUOTE.test(row), read: readQuote },
  { starts: (row, next) => row.includes("|") && TABLE_RULE.test(next ?? ""), read: readTable },
  { starts: (row) => ITEM.test(row), read: readList },
  { starts: () => true, read: readParagraph },
];

const special = (row, next) => READERS.slice(0, -1).some(({ starts }) => starts(row, next));

function readFence(rows, at) {
  const end = rows.findIndex((row, index) => index > at && row.trim() === "```");
  const stop = end < 0 ? rows.length : end;
  return [h("pre", { class: "pre" }, rows.slice(at + 1, stop).join("\n")), stop + 1];
}

function readHeading(rows, at) {
  const [, marks, text] = rows[at].match(HEADING);
  return [
    h(`h${Math.min(6, marks.length + 1)}`, { class: `md-heading md-heading--${marks.length}` }, inline(text)),
    at + 1,
  ];
}

function runOf(rows, at, belongs) {
  let end = at;
  while (end < rows.length && belongs(rows[end], end)) end += 1;
  return end;
}

function readQuote(rows, at) {
  const end = runOf(rows, at, (row) => QUOTE.test(row));
  return [
    h("blockquote", { class: "quote" }, blocks(rows.slice(at, end).map((row) => row.replace(QUOTE, "")))),
    end,
  ];
}

function readList(rows, at) {
  const end = runOf(rows, at, (row) => ITEM.test(row) || /^\s{2,}\S/u.test(row));
  return [h("div", { class: "bullets" }, rows.slice(at, end).map(listRow)), end];
}

function listRow(row) {
  const match = row.match(ITEM);
  if (!match)
    return h(
      "div",
      { class: "bullets__row" },
      h("span", { class: "bullets__mark" }),
      h("span", {}, inline(row.trim())),
    );
  const [, indent, mark, rest] = match;
  const style = { "--depth": String(Math.min(4, Math.floor(indent.length / 2))) };
  return h(
    "div",
    { class: "bullets__row", style },
    h("span", { class: "bullets__mark" }, markFor(mark, rest)),
    h("span", {}, inline(rest.replace(TASK, ""))),
  );
}

function markFor(mark, rest) {
  const task = rest.match(TASK);
  if (task) return task[1] === " " ? "☐" : "☑";
  return /\d/u.test(mark) ? mark : "•";
}

function readTable(rows, at) {
  const end = runOf(rows, at, (row) => row.includes("|"));
  const [head, , ...body] = rows.slice(at, end).map(cells);
  const line = (tag, row) =>
    h(
      "tr",
      {},
      row.map((cell) => h(tag, {}, inline(cell))),
    );
  const table = h(
    "table",
    { class: "grid" },
    h("thead", {}, line("th", head)),
    h(
      "tbody",
      {},
      body.map((row) => line("td", row)),
    ),
  );
  return [h("div", { class: "grid-scroll", role: "region", "aria-label": "Table", tabindex: "0" }, table), end];
}

const cells = (row) =>
  row
    .trim()
    .replace(/^\||\|$/gu, "")
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim());

function readParagraph(rows, at) {
  const end = runOf(rows, at, (row, index) => index === at || !special(row, rows[index + 1]));
  const text = rows.slice(at, end).map((row, index) => [index ? h("br") : null, inline(row.trim())]);
  return [h("p", { class: "md-paragraph" }, text), end];
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    const node = piece(match);
    if (node === null) continue;
    if (match.index > at) nodes.push(words(text.slice(at, match.index)));
    nodes.push(node);
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(words(text.slice(at)));
  return nodes;
}

function piece([
  ,
  escaped,
  code,
  label,
  address,
  brackets,
  bare,
  strong,
  strong2,
  strike,
  em,
  em2,
  shortcode,
]) {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return h("code", { class: "code" }, code);
  if (address !== undefined) return link(address, label ? inline(label) : null);
  if (brackets !== undefined) return angle(brackets);
  if (bare !== undefined) return link(bare, words(bare));
  if (strong ?? strong2) return h("strong", {}, inline(strong ?? strong2));
  if (strike !== undefined) return h("s", {}, inline(strike));
  if (em ?? em2) return h("em", {}, inline(em ?? em2));
  return emoji(shortcode.toLowerCase());
}
