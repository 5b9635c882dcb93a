/** Look-ups in the world: who is who, which channel is which, and who is looking. */

import { state } from "./store.js";

export const workspace = (id = state.me.team) => state.world?.workspaces.find((one) => one.id === id);
export const viewer = () => person(state.me.user);
export const app = () => state.world.app;

/** A person of this workspace, or of any other when not found here. */
export function person(id) {
  const here = workspace()?.people.find((one) => one.id === id);
  if (here) return here;
  return state.world?.workspaces.flatMap((one) => one.people).find((one) => one.id === id);
}

/** Whether a user id is the app's bot user in any workspace. */
export function isBot(id) {
  return (
    Boolean(id) && (id === app().bot_user_id || state.world.workspaces.some((one) => one.bot_user_id === id))
  );
}

/** The app's bot user in this workspace. */
export const botUser = () => workspace()?.bot_user_id ?? app().bot_user_id;

/** The name to show for a user id; the app's bot user is the app. */
export function personName(id) {
  if (isBot(id)) return app().name;
  const found = person(id);
  return found ? found.real_name || found.name : "Unknown person";
}

/** The name to show for a channel id, without the hash sign. */
export function channelName(id) {
  const found = workspace()?.channels.find((one) => one.id === id);
  return found?.name ?? conversation(id)?.name ?? "private-channel";
}

export const conversations = () => state.client?.conversations ?? [];
export const conversation = (id) => conversations().find((one) => one.id === id);

/** A conversation's name; the app's goes by the app's name. */
export const titleOf = (row) => (row.kind === "app" ? app().name : row.name);

/** The id under which a conversation's messages are kept: the app's row stands for its direct message. */
export function channelOf(row) {
  return row?.kind === "app" ? (state.client?.app_im ?? row.id) : row?.id;
}

/** Two letters for an avatar. */
export function initials(name) {
  const words = String(name)
    .split(/[\s._-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters =
    words.length > 1
      ? [words[0], words.at(-1)].map((word) => [...word][0])
      : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
}

const TINTS = ["#2f7d6b", "#b4552d", "#3c6ea8", "#8a5a9e", "#a0742a", "#52803f", "#b04468", "#4b6a7a"];

/** A steady colour for a name that brought none. */
export function tint(name, given) {
  if (given) return given.startsWith("#") ? given : `#${given}`;
  const sum = [...String(name)].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) >>> 0, 7);
  return TINTS[sum % TINTS.length];
}
