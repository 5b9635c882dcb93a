/** Parcels: to whom they were sent. */

import { h } from "panel/page/dom.js";
import { state } from "panel/page/store.js";

const sent = () => state.outside?.parcels ?? [];

export const count = () => sent().length;

export const draw = () => h("p", { class: "parcels" }, sent().map(({ to }) => `To ${to}`).join(", "));
