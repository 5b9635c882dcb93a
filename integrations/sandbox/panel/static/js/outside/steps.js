/** Things to try: steps that tick themselves once they happened, folded to the next one. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { channelOf, conversation, viewer, workspace } from "../page/people.js";
import { local, state } from "../page/store.js";
import { suggest } from "../client/composer.js";
import { becomePerson, openConversation } from "../client/moves.js";
import { welcome } from "../client/welcome.js";
import { closeModals, openModals } from "../modals/modal.js";
import { leaveSheet, openTab } from "./tabs.js";
import { vendors } from "./vendors.js";

const isItalian = (who) => who.locale.startsWith("it");

/** What the client itself offers. */
const OWN_STEPS = [
  {
    id: "italian",
    place: 30,
    title: "Be somebody else",
    about: "Giulia’s Slack and her meetings are Italian.",
    command: "/followup",
    who: isItalian,
    done: () => isItalian(viewer()) && openModals().length > 0,
  },
];

/**
 * All steps in their places: `who` may do it, the person on screen first; `channel` names the place; `tab` is
 * opened instead of a `command`, after `prepare`; `done` looks at what is there.
 */
const steps = () =>
  [...OWN_STEPS, ...vendors().flatMap(({ script }) => script?.steps ?? [])].sort(
    (one, other) => one.place - other.place,
  );

const keptAs = () => `panel.steps:${state.world.began}`;
const ticked = () => local("steps", { done: JSON.parse(sessionStorage.getItem(keptAs()) ?? "[]") }).done;

/** Looks which steps have happened; a tick stays. */
export function watchSteps() {
  if (!state.client) return;
  const fresh = steps().filter((step) => !ticked().includes(step.id) && step.done());
  if (!fresh.length) return;
  local("steps").done = [...ticked(), ...fresh.map((step) => step.id)];
  sessionStorage.setItem(keptAs(), JSON.stringify(ticked()));
}

/** The card: all steps, or folded the next one. */
export function drawSteps() {
  const open = welcome.isOpen();
  const next = steps().find((step) => !ticked().includes(step.id));
  return h(
    "section",
    { key: "steps", class: `steps${open ? "" : " steps--folded"}`, "aria-label": "Things to try" },
    h(
      "button",
      {
        type: "button",
        class: "steps__head",
        "aria-expanded": String(open),
        onclick: () => welcome.set(!open),
      },
      h("strong", {}, "Things to try"),
      h("span", { class: "steps__count" }, `${ticked().length} of ${steps().length} done`),
      icon("chevron"),
    ),
    open
      ? [h("ol", { class: "steps__list" }, steps().map(row)), credits()]
      : next && h("div", { key: "next", class: "steps__next" }, h("span", {}, next.title), face(next)),
  );
}

function row(step) {
  const done = ticked().includes(step.id);
  return h(
    "li",
    { key: step.id, class: `steps__one${done ? " is-done" : ""}`, "data-step": step.id },
    h(
      "span",
      { class: "steps__tick", role: "img", "aria-label": done ? "Done" : "To do" },
      done && icon("check"),
    ),
    h("div", { class: "steps__words" }, h("strong", {}, step.title), face(step), h("p", {}, step.about)),
  );
}

/** What is clicked: the whole command, as it will stand in the composer, or the name of a tab. */
function face(step) {
  const words = step.command ?? `Open ${vendors().find((one) => one.name === step.tab).tab}`;
  const title = step.command ? "Write it into the message box; Enter sends it" : "Open this tab";
  return h(
    "button",
    { type: "button", class: "steps__go", title, onclick: () => go(step) },
    h("span", {}, words),
    icon("arrow"),
  );
}

async function go(step) {
  if (step.tab) {
    step.prepare?.();
    welcome.set(false);
    return openTab(step.tab);
  }
  leaveSheet();
  const team = step.who?.(viewer()) ? workspace() : teamOf(step);
  const who = step.who && !step.who(viewer()) ? team.people.find(step.who) : viewer();
  const place = placeOf(step, team);
  if (who.id !== state.me.user) await becomePerson({ team: team.id, user: who.id }, place);
  else await openConversation(conversation(place.channel), place.tab);
  // Behind a modal nobody can type.
  closeModals();
  suggest(channelOf(conversation(state.place.channel)), step.command);
}

/** The workspace that has what the step needs, the present one first. */
function teamOf(step) {
  const fits = (team) =>
    (!step.who || team.people.some(step.who)) && (!step.channel || team.channels.some(step.channel));
  return [workspace(), ...state.world.workspaces].find(fits);
}

/** The step's channel; else the conversation on screen if one can write there, else the first channel. */
function placeOf(step, team) {
  const here = conversation(state.place.channel);
  if (!step.channel && here?.kind === "channel" && team === workspace()) return { channel: here.id, tab: "" };
  return { channel: team.channels.find(step.channel ?? (() => true)).id, tab: "" };
}

function credits() {
  const lines = state.world.credits ?? [];
  return (
    lines.length > 0 &&
    h("p", { key: "credits", class: "steps__credits" }, `Real meetings among them: ${lines.join("; ")}.`)
  );
}
