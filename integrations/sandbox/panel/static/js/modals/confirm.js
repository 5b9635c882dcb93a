/** The confirm dialog that an app may put before a button or a menu choice. */

import { h } from "../page/dom.js";
import { redraw } from "../page/store.js";
import { plainText } from "../text/inline.js";
import { textObject } from "../text/mrkdwn.js";
import { enter, keepInside, leave } from "./focus.js";
import { language, t } from "../text/words.js";

let asked = null;

/** Shows a Slack confirm object and comes back with the person's answer. */
export function ask(question) {
  return new Promise((resolve) => {
    asked = { question, resolve };
    redraw();
  });
}

function answer(yes) {
  const { resolve } = asked;
  asked = null;
  redraw();
  resolve(yes);
}

/** The open confirm dialog, or nothing. */
export function drawConfirm() {
  if (!asked) return null;
  const { question } = asked;
  return h(
    "div",
    { key: "confirm", class: "scrim scrim--confirm" },
    h("div", dialogProps(), header(question), body(question), footer(question)),
  );
}

function dialogProps() {
  return {
    class: "dialog",
    lang: language(),
    role: "alertdialog",
    "aria-modal": "true",
    "aria-labelledby": "confirm-title",
    "aria-describedby": "confirm-text",
    tabindex: "-1",
    mount: (node) => enter(node, "[data-confirm='yes']"),
    gone: leave,
    onkeydown: onKey,
  };
}

function onKey(event) {
  keepInside(event);
  if (event.key !== "Escape") return;
  event.stopPropagation();
  answer(false);
}

const header = (question) =>
  h(
    "h2",
    { class: "dialog__title", id: "confirm-title" },
    question.title ? plainText(question.title) : t("Are you sure?"),
  );
const body = (question) =>
  h("div", { class: "dialog__text", id: "confirm-text" }, textObject(question.text, plainText));

function footer(question) {
  const style = question.style === "danger" ? "danger" : "primary";
  return h(
    "div",
    { class: "dialog__footer" },
    h(
      "button",
      { type: "button", class: "button button--large", "data-confirm": "no", onclick: () => answer(false) },
      question.deny ? plainText(question.deny) : t("Cancel"),
    ),
    h(
      "button",
      {
        type: "button",
        class: `button button--large button--${style}`,
        "data-confirm": "yes",
        onclick: () => answer(true),
      },
      question.confirm ? plainText(question.confirm) : t("Yes"),
    ),
  );
}
