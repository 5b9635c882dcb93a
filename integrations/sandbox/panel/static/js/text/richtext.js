/** Slack's rich_text block as page elements. */

import { h } from "../page/dom.js";
import { emoji, withPictures } from "./emoji.js";
import { broadcast, channelMention, dateMention, link, userMention, words } from "./inline.js";

const BULLETS = ["•", "◦", "▪"];

/** The parts of one rich_text block (or of a table cell that is one). */
export function richText(block) {
  return (block.elements ?? []).map((element) => PARTS[element.type]?.(element) ?? null);
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich" }, pieces(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, pieces(part.elements)),
  rich_text_quote: (part) => h("blockquote", { class: "quote" }, pieces(part.elements)),
  rich_text_list: (part) =>
    h(
      "div",
      { class: "bullets" },
      part.elements.map((item, index) => listRow(part, item, index)),
    ),
};

function listRow(list, item, index) {
  const depth = list.indent ?? 0;
  const mark =
    list.style === "ordered" ? `${index + 1 + (list.offset ?? 0)}.` : BULLETS[depth % BULLETS.length];
  const style = { "--depth": String(depth) };
  return h(
    "div",
    { class: "bullets__row", style },
    h("span", { class: "bullets__mark" }, mark),
    h("span", {}, pieces(item.elements)),
  );
}

const pieces = (elements = []) =>
  elements.map((element) =>
    styled(PIECES[element.type]?.(element) ?? words(element.text ?? ""), element.style),
  );

const PIECES = {
  text: (piece) => words(piece.text),
  link: (piece) => link(piece.url, piece.text ? words(piece.text) : null),
  user: (piece) => userMention(piece.user_id),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  channel: (piece) => channelMention(piece.channel_id),
  broadcast: (piece) => broadcast(piece.range),
  emoji: (piece) =>
    emoji(piece.name) ?? (piece.unicode ? withPictures(fromUnicode(piece.unicode)) : `:${piece.name}:`),
  date: (piece) => dateMention([String(piece.timestamp), piece.format, piece.url], piece.fallback ?? ""),
  color: (piece) => h("span", { class: "swatch", style: { "--tint": piece.value } }, piece.value),
};

const fromUnicode = (hex) => String.fromCodePoint(...hex.split("-").map((part) => Number.parseInt(part, 16)));

function styled(node, style) {
  if (!style) return node;
  let result = node;
  if (style.code) result = h("code", { class: "code" }, result);
  if (style.bold) result = h("strong", {}, result);
  if (style.italic) result = h("em", {}, result);
  if (style.underline) result = h("u", {}, result);
  return style.strike ? h("s", {}, result) : result;
}
