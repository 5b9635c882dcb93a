/** The sidebar: channels, direct messages and the app. */

import { appAvatar, avatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { conversations, person, titleOf, workspace } from "../page/people.js";
import { local, setLocal, state } from "../page/store.js";
import { openConversation, unreadOf } from "./moves.js";
import { language, t } from "../text/words.js";

const SECTIONS = [
  ["channel", "Channels"],
  ["im", "Direct messages"],
  ["app", "Apps"],
];

/** The list of conversations of the person who is played. */
export function drawSidebar() {
  const here = workspace();
  return h(
    "nav",
    { class: "sidebar", "aria-label": t("Conversations"), lang: language() },
    h(
      "div",
      { class: "sidebar__head" },
      h("h2", { class: "sidebar__name" }, here.name),
      here.domain && h("span", { class: "sidebar__domain" }, here.domain),
    ),
    h("div", { class: "sidebar__list" }, SECTIONS.map(section)),
  );
}

function section([kind, title]) {
  const rows = conversations().filter((one) => one.kind === kind);
  if (!rows.length) return null;
  const own = local(`section:${kind}`, { open: true });
  const shown = rows
    .map((one) => [one, unreadOf(one)])
    .filter(([one, unread]) => own.open || unread || one.id === state.place.channel);
  return h(
    "section",
    { key: kind, class: "sidebar__section" },
    h(
      "button",
      {
        type: "button",
        class: `sidebar__title${own.open ? "" : " is-closed"}`,
        "aria-expanded": String(own.open),
        onclick: () => setLocal(`section:${kind}`, { open: !own.open }),
      },
      icon("chevron"),
      t(title),
    ),
    h(
      "div",
      { role: "list" },
      shown.map(([one, unread]) => row(one, unread)),
    ),
  );
}

function row(one, unread) {
  const current = one.id === state.place.channel;
  const props = {
    type: "button",
    class: `sidebar__row${current ? " is-current" : ""}${unread ? " is-unread" : ""}`,
    "aria-current": current ? "page" : null,
    "data-conversation": one.id,
    "data-kind": one.kind,
    onclick: () => openConversation(one),
  };
  const badge = unread > 0 && h("span", { class: "badge", "aria-label": t("{count} unread", { count: unread }) }, String(unread));
  return h(
    "div",
    { key: one.id, role: "listitem" },
    h("button", props, face(one), h("span", { class: "sidebar__label" }, label(one)), badge),
  );
}

function label(one) {
  const mine = one.kind === "im" && partner(one) === state.me.user;
  return mine ? t("{name} (you)", { name: one.name }) : titleOf(one);
}

function face(one) {
  if (one.kind === "app") return appAvatar("xs");
  if (one.kind === "channel") return icon(isPrivate(one) ? "lock" : "hash", "sidebar__icon");
  return avatar(partner(one), "xs");
}

/** Whether a channel is private, by the conversation itself or by the workspace's list. */
export function isPrivate(one) {
  return one.is_private ?? workspace().channels.find((other) => other.id === one.id)?.is_private ?? false;
}

/** The other person of a direct message. */
export function partner(one) {
  const other = (one.members ?? []).find((id) => id !== state.me.user) ?? one.members?.[0];
  return (
    other ??
    one.user ??
    workspace().people.find((who) => [who.name, who.real_name].includes(one.name))?.id ??
    person(one.id)?.id ??
    ""
  );
}
