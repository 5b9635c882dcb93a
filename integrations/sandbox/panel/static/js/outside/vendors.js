/** The vendors that are imitated, as the server tells of them, with the scripts that draw them. */

import * as api from "../page/api.js";
import { state, update } from "../page/store.js";

let known = [];
let common = [];

/** Every vendor in its place: {name, color, kinds, tab, script, styles}; `script` is its module. */
export const vendors = () => known;

/** The kinds of faults that every vendor knows. */
export const commonKinds = () => common;

/** The dot's style of a vendor, perhaps of one that is not imitated. */
export const tinted = (name) => {
  const color = known.find((one) => one.name === name)?.color;
  return color ? { background: color } : {};
};

/** Learns of them, fetches their scripts and styles, and begins with the first tab. */
export async function meetVendors() {
  const told = await api.vendors();
  common = told.kinds;
  known = await Promise.all(
    told.vendors.map(async (one) => ({ ...one, script: one.script ? await import(one.script) : null })),
  );
  for (const href of known.flatMap((one) => one.styles)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  const first = known.find((one) => one.tab)?.name ?? "";
  update({ pane: { ...state.pane, tab: state.pane.tab || first } });
}
