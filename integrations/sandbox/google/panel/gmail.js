/** Gmail: the drafts of everybody's account; one opened shows exactly what would be sent. */

import { h } from "panel/page/dom.js";
import { icon } from "panel/page/icons.js";
import { local, setLocal, state } from "panel/page/store.js";
import { dateTime } from "panel/text/time.js";
import { envelope, letterViews, showFirstView, snippet } from "panel/outside/letter.js";
import { nothing, people } from "panel/outside/parts.js";

const own = () => local("gmail", { open: "" });

/** Every draft with its owner's address, newest first. */
function drafts() {
  const all = (state.outside?.gmail ?? []).flatMap((box) =>
    box.drafts.map((draft) => ({ ...draft, owner: box.email })),
  );
  return all.sort((one, other) => String(other.updated_at).localeCompare(String(one.updated_at)));
}

/** How many drafts there are. */
export const count = () => drafts().length;

/** A link into a mailbox opens the draft it leads to. */
export const links = { "mail.google.com": (link) => openDraft(link.hash.match(/[\w-]+$/u)?.[0] ?? "") };

export const steps = [
  {
    id: "gmail",
    place: 10,
    title: "Connect Gmail",
    about: "Allow it on the page that opens.",
    command: "/gmail-connect",
    done: () => (state.outside?.google ?? []).some((grant) => grant.alive),
  },
  {
    id: "draft",
    place: 20,
    title: "Draft from a meeting",
    about: "Pick one; its draft lands here, under Gmail.",
    command: "/followup",
    done: () => drafts().length > 0,
  },
];

/** The tab. */
export function draw() {
  const { open } = own();
  const opened = open && drafts().find((draft) => [draft.id, draft.message_id].includes(open));
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
    onclick: () => openDraft(draft.id),
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

/** Shows the draft of this id, or of the message in it; the list when there is none. */
function openDraft(id) {
  showFirstView();
  setLocal("gmail", { open: id });
}

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
    letterViews(draft),
  );
}
