/** The input block: label, element, hint and the error under it. */

import { h } from "../page/dom.js";
import { plainText } from "../text/inline.js";
import { domId } from "./actions.js";
import { element } from "./elements.js";
import { t } from "../text/words.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "datetimepicker"]);

/** Draws an input block with everything a screen reader needs. */
export function inputBlock(block, surface) {
  const one = block.element;
  const id = domId(surface, block.block_id, one);
  const error = surface.errors?.[block.block_id];
  const field = {
    id,
    dispatch: Boolean(block.dispatch_action),
    optional: Boolean(block.optional),
    props: ariaProps(block, id, error),
  };
  return h(
    "div",
    { class: `field${error ? " has-error" : ""}` },
    label(block, id),
    element(surface, block, one, field),
    error &&
      h(
        "div",
        { class: "field__error", id: `${id}-error`, role: "alert", "data-error-for": block.block_id },
        error,
      ),
    block.hint && h("div", { class: "field__hint", id: `${id}-hint` }, plainText(block.hint)),
  );
}

function label(block, id) {
  const words = [
    plainText(block.label),
    block.optional && h("span", { class: "field__optional" }, t(" (optional)")),
  ];
  if (GROUPS.has(block.element.type)) return h("div", { class: "field__label", id: `${id}-label` }, words);
  return h("label", { class: "field__label", id: `${id}-label`, for: id }, words);
}

function ariaProps(block, id, error) {
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ");
  return {
    id: GROUPS.has(block.element.type) ? null : id,
    "aria-labelledby": GROUPS.has(block.element.type) ? `${id}-label` : null,
    "aria-describedby": described || null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
}
