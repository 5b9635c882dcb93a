/** Going somewhere: becoming another person, opening a conversation, changing a tab. */

import * as api from "../page/api.js";
import { channelOf, conversation, conversations, person, titleOf, workspace } from "../page/people.js";
import { closeOverlay } from "../page/overlay.js";
import { readRoute, writeRoute } from "../page/route.js";
import { redraw, state, update } from "../page/store.js";
import { channelOnScreen, currentTopics, follow, refetch, refetchNow } from "../page/sync.js";

const lastPerson = new Map();

/** Becomes a person, and opens the wished conversation or the first one. */
export async function becomePerson(me, place = { channel: "", tab: "" }) {
  closeOverlay();
  lastPerson.set(me.team, me.user);
  state.messages.clear();
  state.seen.clear();
  update({ me, client: null, place });
  follow();
  await refetchNow(["client"]);
  // The address may have changed meanwhile.
  const wished = conversation(state.place.channel) ?? conversations()[0];
  if (wished) await openConversation(wished, state.place.tab);
}

/** Becomes the person last played in a workspace, or its first one. */
export function enterWorkspace(id) {
  const one = workspace(id);
  return becomePerson({ team: id, user: lastPerson.get(id) ?? one.people[0].id });
}

/** Shows a conversation; the app's row opens on the wished tab, at first its home. */
export async function openConversation(row, tab = "") {
  const wanted =
    row.kind === "app" ? tab || (state.place.channel === row.id && state.place.tab) || "home" : "";
  update({ place: { channel: row.id, tab: wanted } });
  writeRoute(state.me, state.place);
  if (row.kind === "app") await api.home(state.me, wanted);
  refetch(currentTopics());
}

/** Opens the conversation with this channel id, for links inside messages. */
export function openChannel(id) {
  const row =
    conversation(id) ?? conversations().find((one) => one.kind === "im" && one.members?.includes(id));
  if (row) openConversation(row);
}

/** The workspace and person that the address names, or the first ones. */
export function routedPerson() {
  const route = readRoute();
  const team = workspace(route.team) ?? state.world.workspaces[0];
  const user = team.people.find((one) => one.id === route.user) ?? team.people[0];
  return { me: { team: team.id, user: user.id }, place: { channel: route.channel, tab: route.tab } };
}

/** Follows a changed address; at the start, and while somebody is entered, it is read in the end. */
export function followAddress() {
  if (!state.world) return null;
  const { me, place } = routedPerson();
  if (me.team !== state.me.team || me.user !== state.me.user) return becomePerson(me, place);
  if (!state.client) return update({ place });
  const row = conversation(place.channel);
  return row && (row.id !== state.place.channel || place.tab !== state.place.tab)
    ? openConversation(row, place.tab)
    : null;
}

/** How many messages of a conversation are new to the person; what is on screen is read. */
export function unreadOf(row) {
  const channel = channelOf(row);
  const reading = channelOnScreen() === channel;
  const known = Math.min(state.seen.get(channel) ?? 0, row.unread ?? 0);
  state.seen.set(channel, reading ? (row.unread ?? 0) : known);
  return reading ? 0 : (row.unread ?? 0) - known;
}

/** The window's title. */
export function nameWindow() {
  const row = conversation(state.place.channel);
  const place = row ? (row.kind === "channel" ? `#${row.name}` : titleOf(row)) : "Panel";
  const who = person(state.me.user)?.name ?? "";
  document.title = `${place} · ${who} · Panel`;
}

/** Draws the page again when time passes, so that dates stay right. */
export function keepTime() {
  setInterval(redraw, 30_000);
}
