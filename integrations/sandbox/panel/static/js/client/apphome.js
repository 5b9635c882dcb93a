/** The app's Home and About tabs. */

import { appAvatar } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { app } from "../page/people.js";
import { state, update, viewKey } from "../page/store.js";
import { drawBlocks, withIds } from "../blocks/blocks.js";
import { prune } from "../blocks/values.js";
import { currentTopics } from "../page/sync.js";
import { t } from "../text/words.js";

/** The view that the app published for this person. */
export function drawHome() {
  const view = state.client?.home;
  if (!view) return empty();
  const blocks = withIds(view.blocks);
  const surface = {
    key: viewKey(view.id),
    container: { type: "view", view_id: view.id },
    blocks,
    remembered: view.state?.values,
    topics: currentTopics,
    onTrouble: (failure) => update({ failure }),
  };
  prune(surface, blocks);
  return h(
    "div",
    {
      key: "home",
      class: "home",
      role: "tabpanel",
      "aria-labelledby": "tab-home",
      "data-view-id": view.id,
      tabindex: "0",
    },
    h("div", { class: "home__sheet" }, drawBlocks(surface, blocks)),
  );
}

function empty() {
  return h(
    "div",
    { key: "home", class: "home home--empty", role: "tabpanel", "aria-labelledby": "tab-home" },
    appAvatar("l"),
    h("h2", {}, t("This is a work in progress")),
    h("p", {}, t("{app} has not published a Home tab for you yet. When it does, it appears here.", { app: app().name })),
  );
}

/** What the app's manifest says about itself. */
export function drawAbout() {
  const one = app();
  return h(
    "div",
    { key: "about", class: "home", role: "tabpanel", "aria-labelledby": "tab-about", tabindex: "0" },
    h(
      "div",
      { class: "home__sheet" },
      h(
        "div",
        { class: "about__head" },
        appAvatar("l"),
        h("div", {}, h("h2", {}, one.name), h("p", {}, one.description ?? t("An app in this workspace."))),
      ),
      h("h3", { class: "about__title" }, t("Slash commands")),
      h("dl", { class: "about__list" }, one.commands.map(commandLine)),
      h("h3", { class: "about__title" }, t("Shortcuts")),
      h(
        "dl",
        { class: "about__list" },
        one.shortcuts.map((each) => [h("dt", {}, each.name), h("dd", {}, each.description)]),
      ),
    ),
  );
}

const commandLine = (each) => [
  h(
    "dt",
    {},
    h("code", { class: "code" }, each.command),
    each.usage_hint && h("span", { class: "about__hint" }, ` ${each.usage_hint}`),
  ),
  h("dd", {}, each.description),
];
