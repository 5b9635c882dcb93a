/** Faces: the square avatars of people, of the app and of workspaces. */

import { h } from "./dom.js";
import { initials, isBot, person, personName, tint } from "./people.js";

/** A person's avatar, or the app's when `id` is its bot user. */
export function avatar(id, size = "m") {
  if (isBot(id)) return appAvatar(size);
  const name = personName(id);
  return tile(initials(name), tint(id, person(id)?.color), `avatar--${size}`);
}

/** The app's own mark: two strokes that follow each other. */
export function appAvatar(size = "m") {
  const mark = h(
    "svg",
    { viewBox: "0 0 20 20", class: "avatar__mark", "aria-hidden": "true" },
    h("path", { d: "M4 11.500l3.200 3.200L13 7" }),
    h("path", { d: "M9.500 13.200l1.500 1.500L16.500 7", class: "avatar__echo" }),
  );
  return h("span", { class: `avatar avatar--${size} avatar--app`, "aria-hidden": "true" }, mark);
}

/** A workspace's tile on the rail. */
export function workspaceTile(one) {
  return tile(initials(one.name), tint(one.id), "avatar--workspace");
}

/** A tile with letters on a colour; they are decoration, no part of the name of what it stands in. */
export function tile(letters, color, extra = "") {
  const props = { class: `avatar ${extra}`, style: { "--tint": color }, "data-letters": letters };
  return h("span", { ...props, "aria-hidden": "true" });
}
