/** The middle of the client: a conversation's head, its messages and the composer, or the app's tabs. */

import { appAvatar, avatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { app, channelOf, conversation, person, titleOf, workspace } from "../page/people.js";
import { state } from "../page/store.js";
import { dayKey, dayName, fromTs } from "../text/time.js";
import { drawAbout, drawHome } from "./apphome.js";
import { drawComposer } from "./composer.js";
import { drawMessage } from "./message.js";
import { openChannel, openConversation } from "./moves.js";
import { noticesOf } from "./notices.js";
import { isPrivate, partner } from "./sidebar.js";
import { language, t } from "../text/words.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 80;
const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
  ["about", "About"],
];

/** The conversation on screen. */
export function drawConversation() {
  const row = conversation(state.place.channel);
  if (!row)
    return h(
      "main",
      { key: "waiting", class: "main" },
      h("p", { class: "main__empty", role: "status" }, t("Loading…")),
    );
  return h(
    "main",
    { key: row.id, class: "main", "data-channel": channelOf(row), "aria-label": titleOf(row), lang: language() },
    head(row),
    row.kind === "app" && tabs(row),
    contents(row),
  );
}

function contents(row) {
  if (row.kind === "app" && state.place.tab === "home") return drawHome();
  if (row.kind === "app" && state.place.tab === "about") return drawAbout();
  const channel = channelOf(row);
  const silent = row.kind === "app" && app().messages_read_only;
  return [
    list(row, channel),
    silent
      ? h("p", { key: "silent", class: "silent" }, t("Sending messages to this app has been turned off."))
      : drawComposer(row, channel),
  ];
}

function head(row) {
  return h(
    "header",
    { class: "head" },
    h("div", { class: "head__face" }, headFace(row)),
    h("h1", { class: "head__name" }, titleOf(row)),
    headNote(row),
  );
}

function headFace(row) {
  if (row.kind === "app") return appAvatar("s");
  return row.kind === "channel" ? icon(isPrivate(row) ? "lock" : "hash") : avatar(partner(row), "s");
}

function headNote(row) {
  if (row.kind === "im") return h("span", { class: "head__note" }, person(partner(row))?.title ?? "");
  if (row.kind === "app") return h("span", { class: "app-badge" }, "APP");
  return row.members?.length
    ? h("span", { class: "head__note" }, icon("users"), String(row.members.length))
    : null;
}

function tabs(row) {
  const tab = ([name, label]) => {
    const current = state.place.tab === name;
    const props = {
      type: "button",
      role: "tab",
      id: `tab-${name}`,
      class: `tabs__tab${current ? " is-current" : ""}`,
      "aria-selected": String(current),
      "data-tab": name,
      onclick: () => openConversation(row, name),
    };
    return h("button", props, t(label));
  };
  return h("div", { class: "tabs", role: "tablist", "aria-label": titleOf(row) }, TABS.map(tab));
}

function list(row, channel) {
  const messages = state.messages.get(channel);
  const all = [...(messages ?? []), ...noticesOf(channel)].sort(
    (one, other) => Number(one.ts) - Number(other.ts),
  );
  const props = {
    key: `list-${channel}`,
    class: "messages",
    role: "log",
    "aria-live": "polite",
    "aria-label": t("Messages in {name}", { name: titleOf(row) }),
    tabindex: "0",
    drawn: stayAtBottom,
    onscroll: rememberPlace,
    onclick: followMention,
  };
  return h(
    "div",
    props,
    h("div", { class: "messages__space" }),
    beginning(row, messages),
    all.map((message, index) => entry(channel, message, all[index - 1])),
  );
}

function entry(channel, message, before) {
  const fresh = !before || dayKey(fromTs(before.ts)) !== dayKey(fromTs(message.ts));
  const day =
    fresh &&
    h(
      "div",
      { key: `day-${dayKey(fromTs(message.ts))}`, class: "day", role: "separator" },
      h("span", { class: "day__name" }, dayName(fromTs(message.ts))),
    );
  return [day, drawMessage(channel, message, !fresh && follows(before, message))];
}

function follows(before, message) {
  const near = Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
  return (
    near &&
    before.user === message.user &&
    Boolean(before.bot) === Boolean(message.bot) &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    !message.local
  );
}

function beginning(row, messages) {
  if (!messages) return h("p", { key: "loading", class: "main__empty", role: "status" }, t("Loading messages…"));
  return h(
    "div",
    { key: "beginning", class: "beginning" },
    h(
      "div",
      { class: "beginning__face" },
      row.kind === "channel" ? icon(isPrivate(row) ? "lock" : "hash") : beginningFace(row),
    ),
    h("h2", {}, titleOf(row)),
    h("p", {}, beginningWords(row)),
  );
}

const beginningFace = (row) => (row.kind === "app" ? appAvatar("l") : avatar(partner(row), "l"));

function beginningWords(row) {
  if (row.kind === "app")
    return t(
      "This is the very beginning of your conversation with {name}. Only you and the app can see it.",
      { name: app().name },
    );
  if (row.kind === "im") return t("This conversation is just between {name} and you.", { name: row.name });
  const ops = workspace().channels.find((one) => one.id === row.id)?.is_ops;
  return ops
    ? t("The private channel where the ops commands work.")
    : t("This is the very beginning of the {name} channel.", { name: row.name });
}

function stayAtBottom(node) {
  if (node.leftBottom) return;
  node.scrollTop = node.scrollHeight;
}

function rememberPlace(event) {
  const node = event.currentTarget;
  node.leftBottom = node.scrollHeight - node.scrollTop - node.clientHeight > NEAR_BOTTOM;
}

function followMention(event) {
  const { channel, user } = event.target.closest(".mention")?.dataset ?? {};
  if (channel ?? user) openChannel(channel ?? user);
}
