/** Checkboxes and radio buttons. */

import { h } from "../page/dom.js";
import { plainText } from "../text/inline.js";
import { textObject } from "../text/mrkdwn.js";
import { change, domId, marks } from "./actions.js";
import { valueOf } from "./values.js";

/** Draws the group of an element's options. */
export function choices(surface, block, one, field) {
  const many = one.type === "checkboxes";
  const value = valueOf(surface, block.block_id, one);
  const picked = new Set((many ? value : [value]).filter(Boolean).map((option) => option.value));
  const pick = (option, on) => change(surface, block.block_id, one, chosen(one, picked, option, on), field);
  const props = { ...field.props, class: "choices", role: many ? "group" : "radiogroup" };
  return h(
    "div",
    props,
    one.options.map((option) => row(surface, block, one, option, picked.has(option.value), pick)),
  );
}

function chosen(one, picked, option, on) {
  if (one.type === "radio_buttons") return option;
  const wanted = new Set(picked);
  if (on) wanted.add(option.value);
  else wanted.delete(option.value);
  return one.options.filter((other) => wanted.has(other.value));
}

function row(surface, block, one, option, checked, pick) {
  const name = domId(surface, block.block_id, one);
  const id = `${name}-${option.value}`.replace(/\s/gu, "_");
  const many = one.type === "checkboxes";
  const input = h("input", {
    ...marks(block, one),
    id,
    name,
    type: many ? "checkbox" : "radio",
    class: many ? "check" : "radio",
    "data-value": option.value,
    "aria-describedby": option.description ? `${id}-about` : null,
    checked,
    // On click, not on change: a redraw between the two would take the choice back.
    onclick: (event) => pick(option, event.target.checked),
  });
  const about =
    option.description &&
    h("span", { class: "choices__about", id: `${id}-about` }, textObject(option.description, plainText));
  return h(
    "div",
    { key: option.value, class: "choices__row" },
    input,
    h("div", {}, h("label", { for: id, class: "choices__label" }, textObject(option.text, plainText)), about),
  );
}
