/** Inputs that are typed into: text on one or several lines, e-mail, address, number. */

import { h } from "../page/dom.js";
import { redraw } from "../page/store.js";
import { change, marks, perform, tellTyping } from "./actions.js";
import { boxed, keep, valueOf } from "./values.js";

const MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };
const COUNTER_FROM = 0.8;

/** Draws a typed input. */
export function textInput(surface, block, one, field) {
  const text = textOf(one, valueOf(surface, block.block_id, one));
  const many = one.multiline || one.type === "rich_text_input";
  const props = {
    ...marks(block, one),
    ...field.props,
    class: `input${many ? " input--multiline" : ""}`,
    placeholder: one.placeholder?.text ?? null,
    inputmode: MODES[one.type] ?? null,
    autocomplete: "off",
    spellcheck: MODES[one.type] ? "false" : null,
    value: text,
    mount: one.focus_on_load ? (node) => node.focus() : undefined,
    oninput: (event) => typed(surface, block, one, event.target.value),
    onkeydown: (event) => onKey(event, surface, block, one, field),
    onchange: () => field.dispatch && block.type !== "input" && redraw(),
  };
  const box = many
    ? h("textarea", { ...props, rows: 4, drawn: grow })
    : h("input", { ...props, type: "text" });
  return h("div", { class: "input-box" }, box, counter(one, text));
}

function textOf(one, value) {
  if (one.type !== "rich_text_input") return value ?? "";
  const parts = (value?.elements ?? []).map((part) =>
    (part.elements ?? []).map((piece) => piece.text ?? piece.url ?? "").join(""),
  );
  return parts.join("\n");
}

function asValue(one, text) {
  if (text === "") return null;
  if (one.type !== "rich_text_input") return text;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function typed(surface, block, one, text) {
  const value = asValue(one, text);
  keep(surface, block.block_id, one, value);
  surface.onChange?.(block.block_id);
  redraw();
  if (block.dispatch_action && triggers(one).includes("on_character_entered"))
    tellTyping(surface, block.block_id, one, value);
}

const triggers = (one) => one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

function onKey(event, surface, block, one, field) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.target.tagName === "TEXTAREA") return enterInLines(event, surface);
  event.preventDefault();
  const value = valueOf(surface, block.block_id, one);
  if (field.dispatch && triggers(one).includes("on_enter_pressed"))
    perform(surface, block.block_id, one, boxed(one, value));
  else if (field.dispatch && block.type !== "input") change(surface, block.block_id, one, value, field);
  else surface.onEnter?.();
}

function enterInLines(event, surface) {
  if (!event.metaKey && !event.ctrlKey) return;
  event.preventDefault();
  surface.onEnter?.();
}

/** Lets a text area be as high as its text, between the limits the style gives. */
function grow(node) {
  node.style.setProperty("height", "auto");
  node.style.setProperty("height", `${node.scrollHeight + 2}px`);
}

function counter(one, text) {
  if (!one.max_length) return null;
  const left = one.max_length - [...text].length;
  const near = left < one.max_length * (1 - COUNTER_FROM);
  return (
    near &&
    h(
      "span",
      {
        class: `input-box__counter${left < 0 ? " is-over" : ""}`,
        "aria-live": "polite",
        "aria-label": `${left} characters left`,
      },
      String(left),
    )
  );
}
