/** Whether the things to try are unfolded: at first they are, and after the first command no more. */

import { local, setLocal } from "../page/store.js";

const KEPT = "panel.welcome";
const own = () => local("welcome", { open: sessionStorage.getItem(KEPT) !== "closed" });

export const welcome = {
  isOpen: () => own().open,
  set(open) {
    own();
    sessionStorage.setItem(KEPT, open ? "" : "closed");
    setLocal("welcome", { open });
  },
};
