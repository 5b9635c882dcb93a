/** Focus in dialogs: it starts inside, stays inside, and goes back where it was. */

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), iframe, [tabindex='0']";
const FIELDS = "input:not([disabled]), textarea:not([disabled]), select:not([disabled])";

const DIALOGS = "[role='dialog'], [role='alertdialog']";

const cameFrom = new WeakMap();
// Where focus was before the first dialog: views of a stack replace each other, and their fields go.
let ground = null;

const visible = (node) => node.getClientRects().length > 0;
const focusables = (node) => [...node.querySelectorAll(FOCUSABLE)].filter(visible);

/** To be called when a dialog appears: remembers where focus was and moves it in. */
export function enter(node, preferred = null) {
  const before = document.activeElement;
  if (before !== document.body) cameFrom.set(node, before);
  if (before !== document.body && !before.closest(DIALOGS)) ground = before;
  const first =
    (preferred && node.querySelector(preferred)) || [...node.querySelectorAll(FIELDS)].find(visible);
  (first ?? node).focus({ preventScroll: true });
}

/** To be called when a dialog goes: focus returns, when its old place is still there. */
export function leave(node) {
  const before = [cameFrom.get(node), ground].find((one) => one?.isConnected && !node.contains(one));
  const inside = node.contains(document.activeElement) || document.activeElement === document.body;
  if (inside) before?.focus({ preventScroll: true });
}

/** Keeps Tab inside the dialog. */
export function keepInside(event) {
  if (event.key !== "Tab") return;
  const all = focusables(event.currentTarget);
  if (!all.length) return event.preventDefault();
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const outside = document.activeElement === event.currentTarget && event.shiftKey;
  if (document.activeElement !== edge && !outside) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}
