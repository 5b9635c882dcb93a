/** Gmail: the drafts of everybody's account; one opened shows exactly what would be sent. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { local, setLocal, state } from "../page/store.js";
import { dateTime } from "../text/time.js";
import { nothing, people } from "./parts.js";

const VIEWS = [
  ["html", "As it looks"],
  ["text", "Plain text"],
  ["headers", "Headers"],
];
const FRAME_HEAD = '<base target="_blank"><link rel="stylesheet" href="/panel/static/css/mail.css">';
const own = () => local("gmail", { open: "", view: "html" });

/** Every draft with its owner's address, newest first. */
export function drafts() {
  const all = (state.outside?.gmail ?? []).flatMap((box) =>
    box.drafts.map((draft) => ({ ...draft, owner: box.email })),
  );
  return all.sort((one, other) => String(other.updated_at).localeCompare(String(one.updated_at)));
}

/** The tab. */
export function drawGmail() {
  const opened = drafts().find((draft) => draft.id === own().open);
  return opened ? drawDraft(opened) : drawList();
}

function drawList() {
  const all = drafts();
  if (!all.length)
    return nothing(
      "mail",
      "No drafts yet",
      "Connect Gmail with /gmail-connect; drafts that the app creates appear here.",
    );
  return [...new Set(all.map((draft) => draft.owner))].map((owner) =>
    h(
      "section",
      { key: owner, class: "mailbox" },
      h("h3", { class: "pane__subtitle" }, owner),
      h("div", { role: "list" }, all.filter((draft) => draft.owner === owner).map(listRow)),
    ),
  );
}

function listRow(draft) {
  const props = {
    type: "button",
    class: "mail",
    "data-draft-id": draft.id,
    onclick: () => setLocal("gmail", { open: draft.id, view: "html" }),
  };
  return h(
    "div",
    { key: draft.id, role: "listitem" },
    h(
      "button",
      props,
      h(
        "span",
        { class: "mail__line" },
        h("span", { class: "mail__draft" }, "Draft"),
        h("span", { class: "mail__to" }, people(draft.to) || "(no recipient)"),
        h("time", { class: "mail__time" }, dateTime(draft.updated_at)),
      ),
      h("strong", { class: "mail__subject" }, draft.subject || "(no subject)"),
      h("span", { class: "mail__snippet" }, snippet(draft.text)),
    ),
  );
}

const snippet = (text) => (text ?? "").replace(/\s+/gu, " ").trim().slice(0, 140);

function drawDraft(draft) {
  return h(
    "article",
    { key: draft.id, class: "draft", "data-draft-id": draft.id },
    h(
      "button",
      { type: "button", class: "link-button draft__back", onclick: () => setLocal("gmail", { open: "" }) },
      icon("back"),
      "All drafts",
    ),
    h("h3", { class: "draft__subject", "data-field": "subject" }, draft.subject || "(no subject)"),
    h(
      "dl",
      { class: "draft__envelope" },
      envelope("From", draft.owner),
      envelope("To", people(draft.to)),
      envelope("Cc", people(draft.cc)),
      envelope("Saved", dateTime(draft.updated_at)),
    ),
    h(
      "div",
      { class: "segments", role: "tablist", "aria-label": "How to see the draft" },
      VIEWS.map(([id, label]) => segment(id, label)),
    ),
    h("div", { key: own().view, class: "draft__view" }, VIEW_BODIES[own().view](draft)),
  );
}

function envelope(name, value) {
  if (!value) return null;
  return [
    h("dt", { key: `t-${name}` }, name),
    h("dd", { key: `d-${name}`, "data-field": name.toLowerCase() }, value),
  ];
}

function segment(id, label) {
  const on = own().view === id;
  return h(
    "button",
    {
      type: "button",
      role: "tab",
      class: `segments__one${on ? " is-current" : ""}`,
      "aria-selected": String(on),
      onclick: () => setLocal("gmail", { view: id }),
    },
    label,
  );
}

const VIEW_BODIES = {
  html: (draft) =>
    draft.html
      ? h("iframe", {
          class: "draft__frame",
          title: "The draft as it looks",
          sandbox: "allow-popups",
          referrerpolicy: "no-referrer",
          srcdoc: FRAME_HEAD + draft.html,
        })
      : h("p", { class: "faint" }, "This draft has no HTML part."),
  text: (draft) =>
    h(
      "pre",
      { class: "draft__text", "data-field": "text", tabindex: "0" },
      draft.text || "This draft has no plain part.",
    ),
  headers: (draft) =>
    h(
      "dl",
      { class: "draft__headers" },
      headerPairs(draft.headers).map(([name, value], index) => [
        h("dt", { key: `t${index}` }, name),
        h("dd", { key: `d${index}` }, String(value)),
      ]),
    ),
};

function headerPairs(headers) {
  if (Array.isArray(headers)) return headers.map((one) => (Array.isArray(one) ? one : [one.name, one.value]));
  return Object.entries(headers ?? {});
}
