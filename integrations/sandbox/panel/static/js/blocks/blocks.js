/** Every layout block, drawn for any surface: a message, a modal or a home tab. */

import { h } from "../page/dom.js";
import { local } from "../page/store.js";
import { plainText } from "../text/inline.js";
import { markdown } from "../text/markdown.js";
import { textObject } from "../text/mrkdwn.js";
import { richText } from "../text/richtext.js";
import { actionKey } from "./actions.js";
import { element } from "./elements.js";
import { inputBlock } from "./input.js";
import { table } from "./table.js";

/** Draws a list of blocks; the same block_id stays the same block over updates. */
export function drawBlocks(surface, blocks) {
  return blocks.map((block) => drawBlock(surface, block));
}

/** Gives every block an id, as Slack does when the app did not. */
export function withIds(blocks) {
  return (blocks ?? []).map((block, index) =>
    block.block_id ? block : { ...block, block_id: `block-${index}` },
  );
}

function drawBlock(surface, block) {
  const draw = BLOCKS[block.type] ?? unknown;
  return h(
    "div",
    { key: block.block_id, class: `block block--${block.type}`, "data-block": block.block_id },
    draw(block, surface),
    failure(block, surface),
  );
}

const text = (object) => textObject(object, plainText);

const BLOCKS = {
  section,
  header: (block) => h("h3", { class: "block-header" }, plainText(block.text)),
  divider: () => h("hr", { class: "divider" }),
  context: (block) => h("div", { class: "context" }, block.elements.map(contextItem)),
  actions: (block, surface) => h("div", { class: "actions" }, drawElements(block, surface)),
  context_actions: (block, surface) => h("div", { class: "context-actions" }, drawElements(block, surface)),
  image,
  markdown: (block) => h("div", { class: "markdown" }, markdown(block.text)),
  rich_text: (block) => h("div", { class: "rich-text" }, richText(block)),
  table,
  input: inputBlock,
  alert: (block) =>
    h("div", { class: `alert alert--${block.level ?? "default"}`, role: "note" }, text(block.text)),
  container,
};

function drawElements(block, surface) {
  return block.elements.map((one, index) =>
    h("div", { key: one.action_id ?? `e${index}`, class: "actions__item" }, element(surface, block, one)),
  );
}

function section(block, surface) {
  return h(
    "div",
    { class: `section${block.accessory ? " section--with-accessory" : ""}` },
    h(
      "div",
      { class: "section__body" },
      block.text && h("div", { class: "text" }, text(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "fields__one text" }, text(field))),
        ),
    ),
    block.accessory &&
      h(
        "div",
        { class: `section__accessory section__accessory--${block.accessory.type}` },
        element(surface, block, block.accessory),
      ),
  );
}

function contextItem(item) {
  if (item.type === "image")
    return h("img", { class: "context__image", src: item.image_url, alt: item.alt_text ?? "" });
  return h("span", { class: "context__text text" }, text(item));
}

function image(block) {
  const source = block.image_url ?? block.slack_file?.url;
  return h(
    "figure",
    { class: "figure" },
    block.title && h("figcaption", { class: "figure__title" }, plainText(block.title)),
    h("img", { class: "figure__image", src: source, alt: block.alt_text ?? "" }),
  );
}

function container(block, surface) {
  const children = h(
    "div",
    { class: "container__children" },
    drawBlocks(surface, withIds(block.child_blocks)),
  );
  const title = block.title && h("strong", { class: "container__title" }, text(block.title));
  const subtitle = block.subtitle && h("span", { class: "container__subtitle" }, text(block.subtitle));
  if (!block.is_collapsible) return h("div", { class: "container" }, title, subtitle, children);
  return h(
    "details",
    { class: "container", open: !block.default_collapsed },
    h("summary", {}, title, subtitle),
    children,
  );
}

function unknown(block) {
  return h("div", { class: "unsupported" }, `This page does not draw the block type “${block.type}”.`);
}

/** Under the block: what Slack shows when the app did not answer the last click. */
function failure(block, surface) {
  if (surface.onTrouble) return null;
  const used = [block.accessory, ...(block.elements ?? [])].filter((one) => one?.action_id);
  const failed = used.map((one) => local(actionKey(surface, block.block_id, one)).failed).find(Boolean);
  return (
    failed &&
    h(
      "div",
      { class: "failure", role: "alert", "data-error": failed },
      `This app did not respond (${failed}). Try again in a moment.`,
    )
  );
}
