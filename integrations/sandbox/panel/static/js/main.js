/** The start of the page: learn the world, become somebody, draw, and keep up to date. */

import * as api from "./page/api.js";
import { h, patch } from "./page/dom.js";
import { icon } from "./page/icons.js";
import { drawOverlays, watchOverlays } from "./page/overlay.js";
import { drawWith, redraw, state, update } from "./page/store.js";
import { refetch } from "./page/sync.js";
import { drawConversation } from "./client/conversation.js";
import { becomePerson, followAddress, keepTime, nameWindow, routedPerson } from "./client/moves.js";
import { drawRail, drawTopBar } from "./client/rail.js";
import { drawSidebar } from "./client/sidebar.js";
import { drawConfirm } from "./modals/confirm.js";
import { drawModal, openModals, tidyModals } from "./modals/modal.js";
import { watchLinks } from "./outside/links.js";
import { drawPane } from "./outside/pane.js";
import { watchSteps } from "./outside/steps.js";
import { watchWidth } from "./outside/tabs.js";
import { meetVendors } from "./outside/vendors.js";

const RETRY_MS = 1500;
const root = document.getElementById("panel");

function draw() {
  if (!state.world) return patch(root, waiting());
  tidyModals();
  watchSteps();
  const shell = h(
    "div",
    { key: "shell", class: `shell${state.pane.open ? "" : " shell--narrow"}` },
    drawClient(),
    drawPane(),
  );
  patch(root, [shell, drawToast(), drawOverlays()]);
  nameWindow();
}

function waiting() {
  return h(
    "p",
    { key: "boot", class: "boot", role: "status" },
    state.failure ? `${state.failure} Trying again…` : "Opening Panel…",
  );
}

function drawClient() {
  const confirm = drawConfirm();
  const covered = Boolean(confirm) || openModals().length > 0;
  return h(
    "div",
    { key: "client", class: "client" },
    h(
      "div",
      { key: "ground", class: "client__ground", inert: covered },
      drawTopBar(),
      drawRail(),
      drawSidebar(),
      drawConversation(),
    ),
    drawModal(),
    confirm,
  );
}

function drawToast() {
  if (state.failure) {
    const close = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Dismiss",
        onclick: () => update({ failure: "" }),
      },
      icon("close"),
    );
    return h(
      "div",
      { key: "toast", class: "toast", role: "alert" },
      icon("warning"),
      h("span", {}, state.failure),
      close,
    );
  }
  return state.online
    ? null
    : h(
        "div",
        { key: "offline", class: "toast toast--quiet", role: "status" },
        h("span", { class: "spinner" }),
        "Reconnecting to the sandbox…",
      );
}

async function begin() {
  try {
    await meetVendors();
    update({ world: await api.world(), failure: "" });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    update({ failure: error.message });
    setTimeout(begin, RETRY_MS);
    return;
  }
  const { me, place } = routedPerson();
  await becomePerson(me, place);
  refetch(["outside", "faults", "journal"]);
}

drawWith(draw);
watchOverlays();
watchLinks();
watchWidth();
window.addEventListener("hashchange", followAddress);
redraw();
keepTime();
begin();
