/** Things to try: five steps that tick themselves once they happened, folded to the next one. */

import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { channelOf, conversation, viewer, workspace } from "../page/people.js";
import { local, state } from "../page/store.js";
import { suggest } from "../client/composer.js";
import { becomePerson, openConversation } from "../client/moves.js";
import { welcome } from "../client/welcome.js";
import { closeModals, openModals } from "../modals/modal.js";
import { drafts } from "./gmail.js";
import { letters } from "./inbox.js";
import { siteWasValid, useKey } from "./site.js";
import { leaveSheet, openTab } from "./tabs.js";

const KEY = /CHA(-[0-9A-F]{8}){4}/u;
const isItalian = (who) => who.locale.startsWith("it");

/** `who` may do it, the person on screen first; `channel` names the place; `done` looks at what is there. */
const STEPS = [
  {
    id: "gmail",
    title: "Connect Gmail",
    about: "Allow it on the page that opens.",
    command: "/gmail-connect",
    done: () => (state.outside?.google_grants ?? []).some((grant) => grant.alive),
  },
  {
    id: "draft",
    title: "Draft from a meeting",
    about: "Pick one; its draft lands here, under Gmail.",
    command: "/followup",
    done: () => drafts().length > 0,
  },
  {
    id: "italian",
    title: "Be somebody else",
    about: "Giulia’s Slack and her meetings are Italian.",
    command: "/followup",
    who: isItalian,
    done: () => isItalian(viewer()) && openModals().length > 0,
  },
  {
    id: "license",
    title: "Sell a license",
    about: "In the ops channel; the buyer gets mail.",
    command: "/license-issue olga@shop.example pro 12 shop.example --email",
    who: (one) => one.is_ops_admin,
    channel: (one) => one.is_ops,
    done: () => letters().length > 0,
  },
  {
    id: "site",
    title: "Be their web site",
    about: "Validate the key of that mail, then chat.",
    tab: "site",
    done: siteWasValid,
  },
];

const keptAs = () => `panel.steps:${state.world.began}`;
const ticked = () => local("steps", { done: JSON.parse(sessionStorage.getItem(keptAs()) ?? "[]") }).done;

/** Looks which steps have happened; a tick stays. */
export function watchSteps() {
  if (!state.client) return;
  const fresh = STEPS.filter((step) => !ticked().includes(step.id) && step.done());
  if (!fresh.length) return;
  local("steps").done = [...ticked(), ...fresh.map((step) => step.id)];
  sessionStorage.setItem(keptAs(), JSON.stringify(ticked()));
}

/** The card: all steps, or folded the next one. */
export function drawSteps() {
  const open = welcome.isOpen();
  const next = STEPS.find((step) => !ticked().includes(step.id));
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
      h("span", { class: "steps__count" }, `${ticked().length} of ${STEPS.length} done`),
      icon("chevron"),
    ),
    open
      ? [h("ol", { class: "steps__list" }, STEPS.map(row)), credits()]
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
  const words = step.command ?? "Open Site";
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
    useKey(letters()[0]?.text.match(KEY)?.[0] ?? "");
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
