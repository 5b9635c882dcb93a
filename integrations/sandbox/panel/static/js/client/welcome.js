/** Whether the things to try are unfolded: at first they are, and after the first command no more. */

import { local, setLocal } from "../page/store.js";

const KEPT = "panel.welcome";
const own = () => local("welcome", { open: sessionStorage.getItem(KEPT) !== "closed" });

export const welcome = {
  isOpen: () => own().open,
  set(open) {
    own();
    sessionStorage.setItem(KEPT, open ? "open" : "closed");
    setLocal("welcome", { open });
  },
  /** Folds them, unless the person has folded or unfolded them before. */
  foldFirst: () => sessionStorage.getItem(KEPT) === null && welcome.set(false),
};
