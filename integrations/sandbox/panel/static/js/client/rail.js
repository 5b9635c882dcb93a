/** The left edge and the top bar: workspaces, and the person whom one plays. */

import { avatar, workspaceTile } from "../page/avatar.js";
import { h } from "../page/dom.js";
import { icon } from "../page/icons.js";
import { menuButton } from "../page/menu.js";
import { personName, viewer, workspace } from "../page/people.js";
import { state } from "../page/store.js";
import { hasNews } from "../outside/pane.js";
import { showPane } from "../outside/tabs.js";
import { becomePerson, enterWorkspace } from "./moves.js";

/** The rail with the workspaces, and the player's face at its foot. */
export function drawRail() {
  return h(
    "nav",
    { class: "rail", "aria-label": "Workspaces" },
    state.world.workspaces.map(workspaceButton),
    h("div", { class: "rail__space" }),
    menuButton({
      id: "person-rail",
      items: personItems(),
      props: { class: "rail__person", "aria-label": "Act as another person" },
      face: [avatar(state.me.user, "m"), h("span", { class: "presence" })],
      side: "above",
    }),
  );
}

function workspaceButton(one) {
  const current = one.id === state.me.team;
  const props = {
    key: one.id,
    type: "button",
    class: `rail__workspace${current ? " is-current" : ""}`,
    "aria-label": `Workspace ${one.name}`,
    "aria-pressed": String(current),
    title: one.name,
    "data-workspace": one.id,
    onclick: () => current || enterWorkspace(one.id),
  };
  return h("button", props, workspaceTile(one));
}

/** The bar across the top: who is acting, and the switch for the other side. */
export function drawTopBar() {
  const me = viewer();
  const face = [
    avatar(state.me.user, "xs"),
    h(
      "span",
      { class: "acting__words" },
      "Acting as ",
      h("strong", {}, personName(state.me.user)),
      me?.title && h("span", { class: "acting__title" }, ` · ${me.title}`),
    ),
    icon("chevron", "acting__chevron"),
  ];
  return h(
    "header",
    { class: "topbar" },
    h(
      "span",
      { class: "topbar__brand" },
      h("span", { class: "brand" }, "Panel"),
      h("span", { class: "brand__sub" }, "sandbox"),
    ),
    menuButton({
      id: "person-top",
      items: personItems(),
      props: {
        class: "acting",
        "aria-label": `Acting as ${personName(state.me.user)} · ${me?.title ?? ""}: act as another person`,
        "data-acting": state.me.user,
      },
      face,
    }),
    h("div", { class: "topbar__side" }, appsLink(), dashboardLink(), paneSwitch()),
  );
}

/** The dashboard, signed in as the person one plays: the sandbox's Slack asks no more. */
function dashboardLink() {
  const who = new URLSearchParams({ team: state.me.team, user: state.me.user });
  return h("a", { class: "topbar__button", href: `/panel/dashboard?${who}`, target: "_blank", rel: "noopener" }, "Dashboard");
}

/** Where the app is installed in a workspace, and removed from it. */
function appsLink() {
  return h("a", { class: "topbar__button", href: "/panel/apps" }, "Apps");
}

function paneSwitch() {
  const { open } = state.pane;
  const label = open ? "Hide the other side" : "Show the other side";
  return h(
    "button",
    {
      type: "button",
      class: "topbar__button",
      "aria-pressed": String(open),
      "aria-label": label,
      title: label,
      onclick: () => showPane(!open),
    },
    icon("pane"),
    !open && hasNews() && h("span", { class: "topbar__news", role: "img", "aria-label": "Something new" }),
    h("span", {}, open ? "" : "The other side"),
  );
}

function personItems() {
  const others = state.world.workspaces.filter((one) => one.id !== state.me.team);
  return [workspace(), ...others].flatMap((one) => [
    { heading: one.name },
    ...one.people.map((who) => personItem(one, who)),
  ]);
}

function personItem(team, who) {
  const current = who.id === state.me.user;
  const detail = [
    who.title,
    who.locale?.startsWith("it") ? "Italian" : "",
    who.is_ops_admin ? "ops admin" : "",
  ]
    .filter(Boolean)
    .join(" · ");
  return {
    label: who.real_name || who.name,
    detail,
    icon: avatar(who.id, "s"),
    mark: current && icon("check", "menu__check"),
    data: { "data-person": who.id },
    run: () => current || becomePerson({ team: team.id, user: who.id }),
  };
}
