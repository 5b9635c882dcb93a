/** A letter, whether draft or delivered: its envelope, and its views as it looks, as text, as headers. */

import { h } from "../page/dom.js";
import { local, setLocal } from "../page/store.js";
import { segment } from "./parts.js";

const VIEWS = [
  ["html", "As it looks"],
  ["text", "Plain text"],
  ["headers", "Headers"],
];
const FRAME_HEAD = '<base target="_blank"><link rel="stylesheet" href="/panel/static/css/mail.css">';
const own = () => local("letter", { view: "html" });

/** The beginning of a letter on one line. */
export const snippet = (text) => (text ?? "").replace(/\s+/gu, " ").trim().slice(0, 140);

/** Begins with the view as it looks again. */
export const showFirstView = () => setLocal("letter", { view: "html" });

/** One line of the envelope, left out when it is empty. */
export function envelope(name, value) {
  if (!value) return null;
  return [
    h("dt", { key: `t-${name}` }, name),
    h("dd", { key: `d-${name}`, "data-field": name.toLowerCase() }, value),
  ];
}

/** The switch and the view it chose; a letter has `html`, `text` and `headers`. */
export function letterViews(letter) {
  return [
    h(
      "div",
      { class: "segments", role: "tablist", "aria-label": "How to see the letter" },
      VIEWS.map(([id, label]) => segment(label, own().view === id, () => setLocal("letter", { view: id }))),
    ),
    h("div", { key: own().view, class: "draft__view" }, VIEW_BODIES[own().view](letter)),
  ];
}

const VIEW_BODIES = {
  html: (letter) =>
    letter.html
      ? h("iframe", {
          class: "draft__frame",
          title: "The letter as it looks",
          sandbox: "allow-popups",
          referrerpolicy: "no-referrer",
          srcdoc: FRAME_HEAD + letter.html,
        })
      : h("p", { class: "faint" }, "This letter has no HTML part."),
  text: (letter) =>
    h(
      "pre",
      { class: "draft__text", "data-field": "text", tabindex: "0" },
      letter.text || "This letter has no plain part.",
    ),
  headers: (letter) =>
    h(
      "dl",
      { class: "draft__headers" },
      headerPairs(letter.headers).map(([name, value], index) => [
        h("dt", { key: `t${index}` }, name),
        h("dd", { key: `d${index}` }, String(value)),
      ]),
    ),
};

function headerPairs(headers) {
  if (Array.isArray(headers)) return headers.map((one) => (Array.isArray(one) ? one : [one.name, one.value]));
  return Object.entries(headers ?? {});
}
