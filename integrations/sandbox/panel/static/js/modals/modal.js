/** Modals: the top view of the stack with header, body and footer, submitting, errors and closing. */

import * as api from "../page/api.js";
import { appAvatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { closeOverlay } from "../page/overlay.js";
import { local, redraw, setLocal, state, viewKey } from "../page/store.js";
import { currentTopics, refetch, refetchNow } from "../page/sync.js";
import { TROUBLE } from "../blocks/actions.js";
import { drawBlocks, withIds } from "../blocks/blocks.js";
import { problems } from "../blocks/validate.js";
import { dropSurfaces, prune, stateOf } from "../blocks/values.js";
import { plainText } from "../text/inline.js";
import { enter, keepInside, leave } from "./focus.js";
import { language, t } from "../text/words.js";

const FIRST_FIELD = ".modal__body input, .modal__body textarea";

const gone = new Set();

/** The views of the stack that are still open, bottom first. */
export function openModals() {
  return (state.client?.modals ?? []).filter((view) => !gone.has(view.id));
}

/** Closes whatever is open, as its cross does. */
export function closeModals() {
  const top = openModals().at(-1);
  if (top) dismiss(top, true);
}

/** Forgets what was typed into modals that are closed. */
export function tidyModals() {
  const alive = new Set((state.client?.modals ?? []).map((view) => view.id));
  for (const id of gone) if (!alive.has(id)) gone.delete(id);
  if (!state.client) return;
  const shown = [...alive, state.client.home?.id].map(viewKey);
  dropSurfaces(viewKey(""), new Set(shown));
}

/** The top modal, or nothing. */
export function drawModal() {
  const stack = openModals();
  const view = stack.at(-1);
  if (!view) return null;
  return h("div", { key: "modal", class: "scrim" }, dialog(view, stack.length));
}

const ownKey = (view) => `modal:${view.id}`;

function surfaceOf(view) {
  const own = local(ownKey(view), { errors: {}, trouble: "", busy: false });
  const blocks = withIds(view.blocks);
  const surface = {
    key: viewKey(view.id),
    container: { type: "view", view_id: view.id },
    blocks,
    errors: own.errors,
    remembered: view.state?.values,
    topics: currentTopics,
    onTrouble: (trouble) => setLocal(ownKey(view), { trouble }),
    onChange: (blockId) => setLocal(ownKey(view), { errors: without(own.errors, blockId), trouble: "" }),
    onEnter: () => view.submit && submit(view, surface),
  };
  prune(surface, blocks);
  return surface;
}

function without(errors, blockId) {
  const { [blockId]: _, ...rest } = errors;
  return rest;
}

function dialog(view, depth) {
  const surface = surfaceOf(view);
  const own = local(ownKey(view));
  const titleId = `title-${view.id}`;
  const props = {
    key: view.id,
    class: "modal",
    lang: language(),
    role: "dialog",
    "aria-modal": "true",
    "aria-labelledby": titleId,
    "aria-busy": own.busy ? "true" : null,
    tabindex: "-1",
    "data-view-id": view.id,
    "data-callback-id": view.callback_id,
    mount: (node) => enter(node, FIRST_FIELD),
    drawn: (node) => keepFocusAlive(node, view),
    gone: leave,
    onkeydown: (event) => onKey(event, view),
  };
  return h(
    "div",
    props,
    header(view, depth, titleId),
    trouble(own),
    body(view, surface),
    footer(view, surface, own, depth),
  );
}

/** A view that was updated may have lost the focused element; focus must not fall out of the dialog. */
function keepFocusAlive(node, view) {
  const updated = node.seenHash !== undefined && node.seenHash !== view.hash;
  node.seenHash = view.hash ?? "";
  if (document.activeElement === document.body || updated) setTimeout(() => rescueFocus(node, updated));
}

/** Looked at a moment later: while a date field moves between its parts, nothing has focus either. */
function rescueFocus(node, updated) {
  const active = document.activeElement;
  const lost = active === document.body || (updated && active === node);
  if (lost && node.isConnected) (node.querySelector(FIRST_FIELD) ?? node).focus({ preventScroll: true });
}

function onKey(event, view) {
  keepInside(event);
  if (event.key !== "Escape") return;
  event.stopPropagation();
  dismiss(view, true);
}

function header(view, depth, titleId) {
  return h(
    "header",
    { class: "modal__header" },
    depth > 1 &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": t("Back"),
          "data-modal": "back",
          onclick: () => dismiss(view, false),
        },
        icon("back"),
      ),
    h("span", { class: "modal__app" }, appAvatar("s")),
    h("h1", { class: "modal__title", id: titleId }, plainText(view.title)),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("Close"),
        "data-modal": "dismiss",
        onclick: () => dismiss(view, true),
      },
      icon("close"),
    ),
  );
}

const trouble = (own) =>
  own.trouble &&
  h(
    "div",
    { key: "trouble", class: "modal__trouble", role: "alert" },
    icon("warning"),
    h("span", {}, own.trouble),
  );

const body = (view, surface) =>
  h(
    "div",
    { key: "body", class: "modal__body" },
    h(
      "form",
      {
        class: "modal__form",
        novalidate: true,
        autocomplete: "off",
        onsubmit: (event) => event.preventDefault(),
      },
      drawBlocks(surface, surface.blocks),
    ),
  );

function footer(view, surface, own, depth) {
  if (!view.submit && !view.close) return null;
  const closing = h(
    "button",
    {
      type: "button",
      class: "button button--large",
      "data-modal": "close",
      onclick: () => dismiss(view, depth < 2),
    },
    view.close ? plainText(view.close) : t("Cancel"),
  );
  const face = own.busy
    ? h("span", { class: "spinner", role: "status", "aria-label": "Waiting for the app" })
    : plainText(view.submit);
  const sending =
    view.submit &&
    h(
      "button",
      {
        type: "button",
        class: "button button--large button--primary",
        "data-modal": "submit",
        "aria-label": own.busy ? view.submit.text : null,
        disabled: own.busy,
        onclick: () => submit(view, surface),
      },
      face,
    );
  return h("footer", { key: "footer", class: "modal__footer" }, closing, sending);
}

async function submit(view, surface) {
  const key = ownKey(view);
  if (local(key).busy) return;
  const errors = problems(surface, surface.blocks);
  setLocal(key, { errors, trouble: "" });
  if (Object.keys(errors).length) return showFirstError(view);
  setLocal(key, { busy: true });
  const answer = await send(view, surface);
  await refetchNow(currentTopics());
  setLocal(key, {
    busy: false,
    errors: answer.errors ?? {},
    trouble: answer.errors || !failed(answer) ? "" : t(TROUBLE),
  });
  refetch(["outside"]);
  if (answer.errors) showFirstError(view);
}

const failed = (answer) => answer.ok === false || Boolean(answer.error);

async function send(view, surface) {
  try {
    return await api.submit(state.me, view.id, stateOf(surface, surface.blocks));
  } catch (error) {
    if (error instanceof api.ApiError) return { ok: false, error: error.message };
    throw error;
  }
}

function showFirstError(view) {
  setTimeout(() => {
    const field = document.querySelector(`[data-view-id="${CSS.escape(view.id)}"] .has-error`);
    field?.scrollIntoView({ block: "nearest" });
    field?.querySelector("input, textarea")?.focus({ preventScroll: true });
  });
}

async function dismiss(view, all) {
  closeOverlay();
  const closed = all ? openModals() : [view];
  for (const one of closed) gone.add(one.id);
  redraw();
  await api.close(state.me, view.id, all);
  refetch(["client"]);
}
