/** Room: an example client app in a frame as narrow as a phone, and a link to it in full width. */

import { h } from "panel/page/dom.js";

/** The tab. */
export function draw() {
  return [
    h(
      "p",
      { key: "about", class: "pane__about" },
      "A web app of another company, whose users sign up through the app. Its e-mails are under Supabase. ",
      h("a", { class: "link-button", href: "/room", target: "_blank", rel: "noopener" }, "Open it in a window"),
    ),
    h("iframe", { key: "frame", class: "room__frame", src: "/room", title: "Room" }),
  ];
}
