/** Elements that are pressed: buttons, overflow menus, feedback; everything else is handed to its own file. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { menuButton } from "../page/menu.js";
import { local } from "../page/store.js";
import { plainText } from "../text/inline.js";
import { actionKey, domId, marks, perform } from "./actions.js";
import { choices } from "./choices.js";
import { fileInput } from "./fileinput.js";
import { datePicker, dateTimePicker, timePicker } from "./pickers.js";
import { select } from "./select.js";
import { textInput } from "./textinput.js";
import { t } from "../text/words.js";

const SAFE_ADDRESS = /^(https?|mailto):/iu;

/** Draws one element; `field` binds it to the label of an input block. */
export function element(surface, block, one, field = loose(one)) {
  const draw = ELEMENTS[one.type];
  return draw
    ? draw(surface, block, one, field)
    : h("span", { class: "unsupported" }, `“${one.type}” is not drawn here.`);
}

/** Outside an input block there is no label, and every change is an action. */
function loose(one) {
  const label = one.accessibility_label ?? one.placeholder?.text;
  return { dispatch: true, props: { "aria-label": label ?? one.type.replaceAll("_", " ") } };
}

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  image: (surface, block, one) =>
    h("img", { class: "accessory-image", src: one.image_url, alt: one.alt_text ?? "" }),
  feedback_buttons: feedback,
  icon_button: iconButton,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  file_input: fileInput,
  plain_text_input: textInput,
  rich_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_conversations_select: select,
  multi_channels_select: select,
};

function button(surface, block, one) {
  const { busy } = local(actionKey(surface, block.block_id, one));
  const style = one.style ? ` button--${one.style}` : "";
  const props = {
    ...marks(block, one),
    class: `button${style}${busy ? " is-busy" : ""}`,
    "aria-label": one.accessibility_label,
    "aria-busy": busy ? "true" : null,
    title: one.url ?? null,
  };
  const face = [
    h("span", { class: "button__text" }, plainText(one.text)),
    busy ? h("span", { class: "dots", "aria-hidden": "true" }) : null,
  ];
  return one.url
    ? linkButton(surface, block, one, props, face)
    : plainButton(surface, block, one, props, face);
}

function plainButton(surface, block, one, props, face) {
  const chosen = one.value === undefined ? { text: one.text } : { text: one.text, value: one.value };
  return h(
    "button",
    { ...props, type: "button", onclick: () => perform(surface, block.block_id, one, chosen) },
    face,
  );
}

function linkButton(surface, block, one, props, face) {
  const href = SAFE_ADDRESS.test(one.url) ? one.url : null;
  const onclick = async (event) => {
    if (one.confirm) event.preventDefault();
    const told = perform(surface, block.block_id, one, { text: one.text, value: one.value });
    if (one.confirm && (await told)) openAddress(one.url);
  };
  return h(
    "a",
    { ...props, href, target: "_blank", rel: "noopener noreferrer", role: "button", onclick },
    face,
  );
}

/** As a click on a link, so that whoever follows the page's links hears of it. */
function openAddress(address) {
  if (!SAFE_ADDRESS.test(address ?? "")) return;
  const props = { href: address, target: "_blank", rel: "noopener noreferrer", hidden: true };
  const link = Object.assign(document.createElement("a"), props);
  document.body.append(link);
  link.click();
  link.remove();
}

function overflow(surface, block, one, field) {
  const id = `overflow:${domId(surface, block.block_id, one)}`;
  const { busy } = local(actionKey(surface, block.block_id, one));
  const items = one.options.map((option) => ({
    label: plainText(option.text),
    detail: option.description && plainText(option.description),
    data: { "data-value": option.value },
    run: () => chooseFromOverflow(surface, block, one, option),
  }));
  const props = {
    ...marks(block, one),
    ...field.props,
    class: `button button--icon${busy ? " is-busy" : ""}`,
    "aria-label": one.accessibility_label ?? t("More actions"),
  };
  return menuButton({ id, items, props, face: icon("dots"), align: "end" });
}

function chooseFromOverflow(surface, block, one, option) {
  openAddress(option.url);
  return perform(surface, block.block_id, one, { selected_option: option });
}

function feedback(surface, block, one) {
  const give = (choice) => perform(surface, block.block_id, one, { text: choice.text, value: choice.value });
  const thumb = (choice, name) =>
    h(
      "button",
      {
        ...marks(block, one),
        type: "button",
        class: "button button--quiet button--icon",
        "data-value": choice.value,
        "aria-label": choice.accessibility_label ?? choice.text.text,
        title: choice.text.text,
        onclick: () => give(choice),
      },
      icon(name),
    );
  return h(
    "span",
    { class: "feedback" },
    thumb(one.positive_button, "thumbup"),
    thumb(one.negative_button, "thumbdown"),
  );
}

function iconButton(surface, block, one) {
  const label = one.accessibility_label ?? one.text?.text;
  const chosen = one.value === undefined ? {} : { value: one.value };
  return h(
    "button",
    {
      ...marks(block, one),
      type: "button",
      class: "button button--quiet button--icon",
      "aria-label": label,
      title: label,
      onclick: () => perform(surface, block.block_id, one, chosen),
    },
    icon(one.icon),
  );
}
