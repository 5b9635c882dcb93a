/** Opening the other side on one of its tabs; on a narrow screen it is a sheet over the client. */

import { state, update } from "../page/store.js";
import { refetch } from "../page/sync.js";
import { welcome } from "../client/welcome.js";

const TOPICS = { journal: ["journal"], faults: ["faults"] };
const narrow = matchMedia("(width <= 900px)");

/** Shows a tab, and fetches what is in it. */
export function openTab(id) {
  update({ pane: { open: true, tab: id } });
  refetch(TOPICS[id] ?? ["outside"]);
}

/** Shows or hides the whole side. */
export const showPane = (open) => update({ pane: { ...state.pane, open } });

/** Goes back to the client where the sheet lies over it; beside it there is nothing to close. */
export const leaveSheet = () => narrow.matches && showPane(false);

/** Begins with the side open where there is room for it, and on a phone while it welcomes. */
export function watchWidth() {
  showPane(!narrow.matches || welcome.isOpen());
  narrow.addEventListener("change", () => showPane(!narrow.matches));
}
