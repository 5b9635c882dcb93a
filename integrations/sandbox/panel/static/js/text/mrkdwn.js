/** Slack's mrkdwn as page elements: built as nodes, so that data can never become mark-up. */

import { h } from "../page/dom.js";
import { emoji } from "./emoji.js";
import { angle, decode, link, words } from "./inline.js";

const FENCE = /```\n?([\s\S]*?)```/u;
const QUOTE = /^(?:&gt;|>) ?/u;
const BULLET = /^(\s*)(•|◦|▪|-|\d{1,3}[.)])\s+(.*)$/u;

/** Each alternative begins differently, so that a long line without a closing mark costs linear time. */
const SPAN = "(?:<[^<>\\n]*>|<(?![^<>\\n]*>)|`[^`\\n]*`|`(?![^`\\n]*`)|[^\\n<`])+?";
const MARKED = (mark) =>
  `(?<![\\p{L}\\p{N}${mark}])[${mark}](?=[^\\s${mark}])(${SPAN})(?<=\\S)[${mark}](?![\\p{L}\\p{N}])`;
const PIECES = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    ":([a-z0-9_+'-]+):",
    "(https?://[^\\s<>|]+)",
    MARKED("*"),
    MARKED("_"),
    MARKED("~"),
  ].join("|"),
  "giu",
);

/** A mrkdwn text as nodes. */
export function mrkdwn(text) {
  return String(text ?? "")
    .split(FENCE)
    .map((part, index) => {
      if (index % 2) return h("pre", { class: "pre" }, decode(part.replace(/\n$/u, "")));
      return part && lines(trimBesideFence(part, index));
    });
}

/** A text object of either kind. */
export function textObject(object, plain) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object);
}

function trimBesideFence(part, index) {
  return index ? part.replace(/^\n/u, "") : part;
}

function lines(text) {
  return grouped(text.split("\n")).map((group) => {
    if (group.kind === "quote") return h("blockquote", { class: "quote" }, lines(group.rows.join("\n")));
    if (group.kind === "list") return h("div", { class: "bullets" }, group.rows.map(bullet));
    return paragraph(group.rows);
  });
}

function kindOf(row) {
  if (QUOTE.test(row)) return "quote";
  return BULLET.test(row) ? "list" : "text";
}

function grouped(rows) {
  const groups = [];
  for (const row of rows) {
    const kind = kindOf(row);
    if (groups.at(-1)?.kind !== kind) groups.push({ kind, rows: [] });
    groups.at(-1).rows.push(kind === "quote" ? row.replace(QUOTE, "") : row);
  }
  return groups;
}

function paragraph(rows) {
  return rows.map((row, index) => [index ? h("br") : null, row ? inline(row) : null]);
}

function bullet(row) {
  const [, indent, mark, rest] = row.match(BULLET);
  const style = { "--depth": String(Math.min(4, Math.floor(indent.length / 2))) };
  return h(
    "div",
    { class: "bullets__row", style },
    h("span", { class: "bullets__mark" }, mark),
    h("span", {}, inline(rest)),
  );
}

/** One line of mrkdwn. */
export function inline(text) {
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

function piece([, code, brackets, shortcode, address, bold, italic, strike]) {
  if (code !== undefined) return h("code", { class: "code" }, decode(code));
  if (brackets !== undefined) return angle(brackets);
  if (shortcode !== undefined) return emoji(shortcode.toLowerCase());
  if (address !== undefined) return bareLink(address);
  if (bold !== undefined) return h("strong", {}, inline(bold));
  if (italic !== undefined) return h("em", {}, inline(italic));
  return h("s", {}, inline(strike));
}

function bareLink(address) {
  const tail = address.match(/[.,;:!?)*_~]+$/u)?.[0] ?? "";
  const clean = address.slice(0, address.length - tail.length);
  return [link(clean, words(clean)), words(tail)];
}
