/** E-mail: what the app sent over its mail server, as the customers read it. */

import { h } from "panel/page/dom.js";
import { icon } from "panel/page/icons.js";
import { local, setLocal, state } from "panel/page/store.js";
import { dateTime } from "panel/text/time.js";
import { envelope, letterViews, showFirstView, snippet } from "panel/outside/letter.js";
import { nothing } from "panel/outside/parts.js";

const own = () => local("inbox", { open: 0 });

/** Every e-mail that was delivered, newest first. */
const letters = () => state.outside?.smtp ?? [];

/** How many e-mails were delivered. */
export const count = () => letters().length;

export const steps = [
  {
    id: "license",
    place: 40,
    title: "Sell a license",
    about: "In the ops channel; the buyer gets mail.",
    command: "/license-issue olga@shop.example pro 12 shop.example --email",
    who: (one) => one.is_ops_admin,
    channel: (one) => one.is_ops,
    // Other mail comes too: invitations of tenants.
    done: () => letters().some((letter) => letter.text.includes("CHA-")),
  },
];

/** The tab. */
export function draw() {
  const opened = letters().find((letter) => letter.n === own().open);
  return opened ? drawLetter(opened) : drawList();
}

function drawList() {
  if (!letters().length)
    return nothing("mail", "No e-mail yet", "What the app sends to customers arrives here, and nowhere else.");
  return h("div", { key: "list", role: "list", "aria-label": "Delivered e-mail" }, letters().map(listRow));
}

function listRow(letter) {
  const props = { type: "button", class: "mail", "data-mail": letter.n, onclick: () => open(letter) };
  return h(
    "div",
    { key: letter.n, role: "listitem" },
    h(
      "button",
      props,
      h(
        "span",
        { class: "mail__line" },
        h("span", { class: "mail__to" }, letter.recipients.join(", ")),
        h("time", { class: "mail__time" }, dateTime(letter.at)),
      ),
      h("strong", { class: "mail__subject" }, letter.subject || "(no subject)"),
      h("span", { class: "mail__snippet" }, snippet(letter.text)),
    ),
  );
}

function open(letter) {
  showFirstView();
  setLocal("inbox", { open: letter.n });
}

function drawLetter(letter) {
  return h(
    "article",
    { key: letter.n, class: "draft", "data-mail": letter.n },
    h(
      "button",
      { type: "button", class: "link-button draft__back", onclick: () => setLocal("inbox", { open: 0 }) },
      icon("back"),
      "All e-mail",
    ),
    h("h3", { class: "draft__subject", "data-field": "subject" }, letter.subject || "(no subject)"),
    h(
      "dl",
      { class: "draft__envelope" },
      envelope("From", letter.headers.From),
      envelope("To", letter.recipients.join(", ")),
      envelope("Delivered", dateTime(letter.at)),
    ),
    letterViews(letter),
  );
}
