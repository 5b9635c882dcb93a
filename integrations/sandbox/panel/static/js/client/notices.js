/** Messages of the client itself, as Slack's own bot writes them: seen by one person, never sent. */

import { redraw, state } from "../page/store.js";

const keyOf = (channel) => `${state.me.user}|${channel}`;

/** Says something to the present person in a conversation. */
export function notice(channel, text) {
  const ts = (Date.now() / 1000).toFixed(6);
  const list = state.notices.get(keyOf(channel)) ?? [];
  state.notices.set(keyOf(channel), [
    ...list,
    { ts, text, user: "PANEL", name: "Panel", ephemeral: true, local: true },
  ]);
  redraw();
}

/** Takes a notice away. */
export function dropNotice(channel, ts) {
  const list = state.notices.get(keyOf(channel)) ?? [];
  state.notices.set(
    keyOf(channel),
    list.filter((one) => one.ts !== ts),
  );
  redraw();
}

/** The notices of a conversation. */
export const noticesOf = (channel) => state.notices.get(keyOf(channel)) ?? [];
