/** What happens when an interactive element is used: confirm, tell the app, show waiting and failure. */

import * as api from "../page/api.js";
import { local, redraw, setLocal, state } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { ask } from "../modals/confirm.js";
import { boxed, keep, stateOf, valueOf } from "./values.js";
import { t } from "../text/words.js";

export const TROUBLE = "We had some trouble connecting. Try again?";
const TYPING_PAUSE_MS = 250;

/** The key under which an element's waiting and failure are kept. */
export const actionKey = (surface, blockId, element) => `act:${surface.key}|${blockId}|${element.action_id}`;

/** The element's id in the page, unique over all surfaces. */
export const domId = (surface, blockId, element) =>
  `${surface.key}|${blockId}|${element.action_id}`.replace(/[^\w|.:-]/gu, "_");

/** The hooks by which tests and people's tools find an element. */
export const marks = (block, element) => ({
  "data-action-id": element.action_id,
  "data-block-id": block.block_id,
});

const PRESSED = new Set(["button", "workflow_button", "overflow", "icon_button", "feedback_buttons"]);

/** Uses an element: asks for confirmation first when it wants one; `chosen` is what Slack adds to the action. */
export async function perform(surface, blockId, element, chosen = {}) {
  const key = actionKey(surface, blockId, element);
  if (local(key).busy && PRESSED.has(element.type)) return false;
  if (element.confirm && !(await ask(element.confirm))) return false;
  setLocal(key, { busy: (local(key).busy ?? 0) + 1, failed: "" });
  const error = await tell(surface, blockId, element, chosen);
  setLocal(key, { busy: local(key).busy - 1, failed: error });
  if (error) surface.onTrouble?.(t(TROUBLE));
  refetch([...surface.topics(), "outside"]);
  return !error;
}

async function tell(surface, blockId, element, chosen) {
  try {
    const answer = await api.action(state.me, {
      container: surface.container,
      block_id: blockId,
      action_id: element.action_id,
      element: { type: element.type, ...chosen },
      state: stateOf(surface, surface.blocks),
    });
    return answer.ok === false || answer.error ? answer.error || "dispatch_failed" : "";
  } catch (error) {
    if (error instanceof api.ApiError) return error.message;
    throw error;
  }
}

/** Keeps a new value; outside input blocks, and in dispatching ones, the app hears of it at once. */
export async function change(surface, blockId, element, value, { dispatch }) {
  const before = valueOf(surface, blockId, element);
  keep(surface, blockId, element, value);
  surface.onChange?.(blockId);
  redraw();
  if (!dispatch) return;
  const told = await perform(surface, blockId, element, boxed(element, value));
  if (told || !element.confirm) return;
  keep(surface, blockId, element, before);
  redraw();
}

const timers = new Map();

/** Tells the app about typed text after a short pause. */
export function tellTyping(surface, blockId, element, value) {
  const key = actionKey(surface, blockId, element);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => perform(surface, blockId, element, boxed(element, value)), TYPING_PAUSE_MS),
  );
}

/** Asks the app for the options of an external menu: {options} or {option_groups} or {error}. */
export async function fetchOptions(surface, blockId, element, typed) {
  try {
    return await api.options(state.me, {
      container: surface.container,
      block_id: blockId,
      action_id: element.action_id,
      value: typed,
    });
  } catch (error) {
    if (error instanceof api.ApiError) return { error: error.message };
    throw error;
  }
}
