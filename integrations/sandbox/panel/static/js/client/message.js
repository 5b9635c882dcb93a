/** One message: face, name, time, words or blocks, and the toolbar that appears on hover. */

import * as api from "../page/api.js";
import { appAvatar, avatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { menuButton } from "../page/menu.js";
import { isOpen } from "../page/overlay.js";
import { app, isBot, personName, tint } from "../page/people.js";
import { state, update } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { drawBlocks, withIds } from "../blocks/blocks.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { clockTime, fromTs, fullTime, shortTime } from "../text/time.js";
import { postedFiles } from "./attach.js";
import { dropNotice } from "./notices.js";
import { t } from "../text/words.js";

/** Draws a message; `grouped` ones follow another of the same author and leave face and name out. */
export function drawMessage(channel, message, grouped) {
  const more = `more:${message.ts}`;
  const classes = [
    "message",
    grouped && "message--grouped",
    message.ephemeral && "message--ephemeral",
    isOpen(more) && "is-held",
  ];
  const props = {
    key: message.ts,
    class: classes.filter(Boolean).join(" "),
    "data-ts": message.ts,
    "data-ephemeral": message.ephemeral ? "true" : null,
    "data-user": message.user,
  };
  return h(
    "article",
    props,
    message.ephemeral && h("div", { class: "message__private" }, icon("eye"), t("Only visible to you")),
    h(
      "div",
      { class: "message__row" },
      h(
        "div",
        { class: "message__gutter" },
        grouped ? stamp(message, shortTime, "message__hover-time") : face(message),
      ),
      h(
        "div",
        { class: "message__main" },
        !grouped && byline(message),
        content(channel, message),
        message.local && dismissLine(channel, message),
      ),
    ),
    toolbar(channel, message, more),
  );
}

const isApp = (message) => message.bot || isBot(message.user);

function face(message) {
  if (message.local)
    return h("span", { class: "avatar avatar--m avatar--panel", "aria-hidden": "true" }, "P");
  return isApp(message) ? appAvatar("m") : avatar(message.user, "m");
}

function byline(message) {
  const name = message.local ? "Panel" : message.name || personName(message.user);
  return h(
    "div",
    { class: "message__byline" },
    h("strong", { class: "message__name" }, name),
    isApp(message) && h("span", { class: "app-badge" }, "APP"),
    stamp(message, clockTime, "message__time"),
  );
}

function stamp(message, format, kind) {
  const moment = fromTs(message.ts);
  return h("time", { class: kind, datetime: moment.toISOString(), title: fullTime(moment) }, format(moment));
}

function content(channel, message) {
  const edited = message.edited && h("span", { class: "message__edited" }, t(" (edited)"));
  const attached = (message.attachments ?? []).map((one) => attachment(channel, message, one));
  if (!message.blocks?.length)
    return [
      h("div", { class: "text message__text" }, mrkdwn(message.text), edited),
      postedFiles(message.files),
      attached,
    ];
  return [
    h(
      "div",
      { class: "message__blocks" },
      drawBlocks(surfaceOf(channel, message), withIds(message.blocks)),
      edited,
    ),
    attached,
  ];
}

function attachment(channel, message, one) {
  const words = [
    one.pretext && h("div", {}, mrkdwn(one.pretext)),
    one.title && h("strong", {}, mrkdwn(one.title)),
    one.text && h("div", {}, mrkdwn(one.text)),
  ];
  const inside = one.blocks?.length ? drawBlocks(surfaceOf(channel, message), withIds(one.blocks)) : words;
  return h(
    "div",
    { class: "attachment text", style: one.color ? { "--tint": tint("", one.color) } : {} },
    inside,
  );
}

function surfaceOf(channel, message) {
  return {
    key: `message:${channel}:${message.ts}`,
    container: { type: "message", channel, ts: message.ts },
    blocks: withIds(message.blocks),
    remembered: message.state?.values,
    topics: () => ["client", `messages:${channel}`],
  };
}

function dismissLine(channel, message) {
  return h(
    "button",
    { type: "button", class: "link-button", onclick: () => dropNotice(channel, message.ts) },
    t("Dismiss message"),
  );
}

function toolbar(channel, message, id) {
  if (message.local) return null;
  const props = { class: "icon-button", "aria-label": t("More actions"), title: t("More actions") };
  return h(
    "div",
    { class: "message__toolbar" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("Copy text"),
        title: t("Copy text"),
        onclick: () => navigator.clipboard?.writeText(message.text ?? ""),
      },
      icon("copy"),
    ),
    menuButton({ id, items: shortcutItems(channel, message), props, face: icon("kebab"), align: "end" }),
  );
}

function shortcutItems(channel, message) {
  const own = message.ephemeral ? [] : app().shortcuts.filter((one) => one.type === "message");
  if (!own.length) return [{ heading: t("No message shortcuts") }];
  return [{ heading: app().name }, ...own.map((one) => shortcutItem(one, channel, message))];
}

function shortcutItem(one, channel, message) {
  return {
    label: one.name,
    detail: one.description,
    icon: appAvatar("s"),
    data: { "data-callback-id": one.callback_id },
    run: () => runShortcut(one, { channel, ts: message.ts }),
  };
}

/** Starts a global shortcut, or one on a message when `where` says which. */
export async function runShortcut(one, where = {}) {
  try {
    const answer = await api.shortcut(state.me, { callback_id: one.callback_id, ...where });
    if (answer.error)
      update({
        failure: t('The shortcut “{name}” failed with the error "{error}"', {
          name: one.name,
          error: answer.error,
        }),
      });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
  }
  refetch(["client"]);
}
