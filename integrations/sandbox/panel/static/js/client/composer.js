/** The composer: typing, sending, slash-command completion and the menu of shortcuts. */

import * as api from "../page/api.js";
import { appAvatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { menuButton } from "../page/menu.js";
import { app, conversation, titleOf } from "../page/people.js";
import { local, redraw, setLocal, state } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { attachButton } from "./attach.js";
import { runShortcut } from "./message.js";
import { notice } from "./notices.js";
import { welcome } from "./welcome.js";
import { t } from "../text/words.js";

const draftKey = (channel) => `draft:${state.me.user}|${channel}`;
const draftOf = (channel) => local(draftKey(channel), { text: "", index: 0, closed: false, status: "" });

/** Puts text into the composer of the conversation on screen, for hints that are clicked. */
export function suggest(channel, text) {
  setLocal(draftKey(channel), { text, closed: text.includes(" "), index: 0 });
  setTimeout(() => document.querySelector(".composer__text")?.focus());
}

/** Draws the composer of a conversation. */
export function drawComposer(row, channel) {
  const draft = draftOf(channel);
  const found = matches(draft);
  return h(
    "div",
    { key: `composer-${channel}`, class: "composer" },
    found.length > 0 && completion(channel, draft, found),
    !found.length && usageLine(draft),
    h("div", { class: "composer__box" }, typing(row, channel, draft, found), tools(row, channel, draft)),
    h("div", { class: "composer__status", role: "status" }, draft.status),
  );
}

function matches({ text, closed }) {
  if (closed || !/^\/\S*$/u.test(text)) return [];
  return app().commands.filter((one) => one.command.startsWith(text.toLowerCase()));
}

function completion(channel, draft, found) {
  const at = Math.min(draft.index, found.length - 1);
  return h(
    "div",
    { key: "completion", class: "completion", role: "listbox", id: "completion", "aria-label": t("Commands") },
    h(
      "div",
      { class: "completion__head" },
      appAvatar("xs"),
      app().name,
      h("span", { class: "completion__keys" }, t("↑↓ to choose · Tab to complete · Enter to use")),
    ),
    found.map((one, index) => commandRow(channel, one, index, index === at)),
  );
}

function commandRow(channel, one, index, active) {
  const props = {
    key: one.command,
    id: `completion-${index}`,
    role: "option",
    class: `completion__row${active ? " is-active" : ""}`,
    "aria-selected": String(active),
    "data-command": one.command,
    onmousedown: (event) => event.preventDefault(),
    onmousemove: () => active || setLocal(draftKey(channel), { index }),
    onclick: () => complete(channel, one),
  };
  return h(
    "div",
    props,
    h("span", { class: "completion__command" }, one.command),
    one.usage_hint && h("span", { class: "completion__usage" }, one.usage_hint),
    h("span", { class: "completion__about" }, one.description),
  );
}

function usageLine({ text }) {
  const one = app().commands.find(({ command }) => text === command || text.startsWith(`${command} `));
  if (!one?.usage_hint) return null;
  return h(
    "div",
    { key: "usage", class: "usage" },
    h("strong", {}, one.command),
    ` ${one.usage_hint}`,
    h("span", { class: "usage__about" }, one.description),
  );
}

function typing(row, channel, draft, found) {
  const name = row.kind === "channel" ? `#${row.name}` : titleOf(row);
  return h("textarea", {
    class: "composer__text",
    "aria-label": t("Message {name}", { name }),
    placeholder: t("Message {name}", { name }),
    rows: 1,
    autocomplete: "off",
    value: draft.text,
    "aria-controls": found.length ? "completion" : null,
    "aria-autocomplete": "list",
    "aria-activedescendant": found.length ? `completion-${Math.min(draft.index, found.length - 1)}` : null,
    mount: (node) => document.activeElement.matches("body, .sidebar__row") && node.focus(),
    drawn: grow,
    oninput: (event) =>
      setLocal(draftKey(channel), { text: event.target.value, index: 0, closed: false, status: "" }),
    onkeydown: (event) => onKey(event, row, channel, found),
  });
}

function grow(node) {
  node.style.setProperty("height", "auto");
  node.style.setProperty("height", `${Math.min(node.scrollHeight, 200)}px`);
}

function onKey(event, row, channel, found) {
  if (event.isComposing) return;
  if (found.length && COMPLETION_KEYS[event.key]?.(channel, found, event)) return event.preventDefault();
  if (event.key === "ArrowUp" && !event.target.value && draftOf(channel).last) return recall(event, channel);
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  send(row, channel);
}

const COMPLETION_KEYS = {
  ArrowDown: (channel, found) => step(channel, found, 1),
  ArrowUp: (channel, found) => step(channel, found, -1),
  Tab: (channel, found, event) => !event.shiftKey && complete(channel, activeOf(channel, found)),
  Enter: (channel, found, event) =>
    !event.shiftKey && !typedWhole(channel, found) && complete(channel, activeOf(channel, found)),
  Escape: (channel) => {
    setLocal(draftKey(channel), { closed: true });
    return true;
  },
};

const activeOf = (channel, found) => found[Math.min(draftOf(channel).index, found.length - 1)];
const typedWhole = (channel, found) => activeOf(channel, found).command === draftOf(channel).text;

function step(channel, found, by) {
  const at = Math.min(draftOf(channel).index, found.length - 1);
  setLocal(draftKey(channel), { index: (at + by + found.length) % found.length });
  return true;
}

function complete(channel, one) {
  suggest(channel, `${one.command} `);
  return true;
}

function recall(event, channel) {
  event.preventDefault();
  setLocal(draftKey(channel), { text: draftOf(channel).last, closed: true });
}

function tools(row, channel, draft) {
  const empty = !draft.text.trim();
  return h(
    "div",
    { class: "composer__tools" },
    menuButton({
      id: `shortcuts:${channel}`,
      items: shortcutItems(),
      props: { class: "composer__plus", "aria-label": t("Shortcuts"), title: t("Shortcuts") },
      face: icon("plus"),
      side: "above",
    }),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("Run a command"),
        title: t("Run a command"),
        onclick: () => suggest(channel, "/"),
      },
      icon("slash"),
    ),
    attachButton(channel),
    h(
      "span",
      { class: "composer__hint" },
      h("b", {}, t("Enter")),
      t(" to send · "),
      h("b", {}, t("Shift + Enter")),
      t(" for a new line"),
    ),
    h(
      "button",
      {
        type: "button",
        class: `composer__send${empty ? "" : " is-ready"}`,
        "aria-label": t("Send now"),
        title: t("Send now"),
        disabled: empty,
        onclick: () => send(row, channel),
      },
      icon("send"),
    ),
  );
}

function shortcutItems() {
  const own = app().shortcuts.filter((one) => one.type === "global");
  if (!own.length) return [{ heading: t("No shortcuts") }];
  return [
    { heading: t("{app} shortcuts", { app: app().name }) },
    ...own.map((one) => ({
      label: one.name,
      detail: one.description,
      icon: appAvatar("s"),
      data: { "data-callback-id": one.callback_id },
      run: () => runShortcut(one),
    })),
  ];
}

async function send(row, channel) {
  const draft = draftOf(channel);
  const text = draft.text.trim();
  if (!text) return;
  setLocal(draftKey(channel), { text: "", closed: false, last: text, status: "" });
  const list = document.querySelector(".messages");
  if (list) list.leftBottom = false;
  if (text.startsWith("/")) await sendCommand(channel, text);
  else await deliver(channel, () => api.message(state.me, channel, text));
  refetch([...(conversation(row.id) ? ["client"] : []), `messages:${channel}`]);
}

async function sendCommand(channel, text) {
  const [name] = text.split(/\s/u);
  if (!app().commands.some((one) => one.command === name))
    return notice(
      channel,
      t("`{name}` is not a valid command. Messages that start with a slash are read as commands.", { name }),
    );
  welcome.foldFirst();
  setLocal(draftKey(channel), { status: `Waiting for ${app().name} to answer ${name} …` });
  const answer = await deliver(channel, () => api.command(state.me, channel, text));
  const quick = answer && !answer.error && answer.ack_ms !== undefined;
  setLocal(draftKey(channel), {
    status: quick ? `${name} acknowledged in ${Math.round(answer.ack_ms)} ms` : "",
  });
  if (answer?.error) notice(channel, t('{name} failed with the error "{error}"', { name, error: answer.error }));
  return redraw();
}

async function deliver(channel, call) {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    notice(channel, error.message);
    return null;
  }
}
