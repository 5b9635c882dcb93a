/** Date and time pickers, on the browser's own calendar and clock. */

import { h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { local, setLocal } from "../core/store.js";
import { zonedEpoch, zonedParts } from "../text/time.js";
import { change, domId, marks } from "./actions.js";
import { valueOf } from "./values.js";

/** With it the year takes four digits and no more. */
const LAST_DAY = "9999-12-31";

/** A day. */
export function datePicker(surface, block, one, field) {
  return picker("date", surface, block, one, field);
}

/** A time of day. */
export function timePicker(surface, block, one, field) {
  return picker("time", surface, block, one, field);
}

function picker(type, surface, block, one, field) {
  const value = valueOf(surface, block.block_id, one) ?? "";
  const props = {
    ...marks(block, one),
    ...field.props,
    value,
    onchange: (event) => change(surface, block.block_id, one, event.target.value || null, field),
  };
  return face(type, props, one.placeholder?.text);
}

function face(type, props, placeholder) {
  const empty = props.value ? "" : " is-empty";
  return h(
    "div",
    { class: `picker picker--${type}` },
    icon(type === "date" ? "calendar" : "clock", "picker__icon"),
    h("input", {
      ...props,
      type,
      max: type === "date" ? LAST_DAY : null,
      class: `input picker__input${empty}`,
      title: placeholder ?? null,
    }),
  );
}

/** A moment: a day and a time in the viewer's zone, kept as epoch seconds once both are there. */
export function dateTimePicker(surface, block, one, field) {
  const key = `moment:${domId(surface, block.block_id, one)}`;
  const value = valueOf(surface, block.block_id, one);
  const parts = value ? zonedParts(value) : { date: "", time: "", ...local(key) };
  const set = (patch) => {
    const next = { ...parts, ...patch };
    setLocal(key, next);
    const moment = zonedEpoch(next.date, next.time);
    if (moment !== value) change(surface, block.block_id, one, moment, field);
  };
  const half = (type, label) =>
    face(type, {
      ...marks(block, one),
      "data-part": type,
      value: parts[type],
      "aria-label": label,
      onchange: (event) => set({ [type]: event.target.value }),
    });
  return h(
    "div",
    { ...field.props, class: "picker-pair", role: "group" },
    half("date", "Date"),
    half("time", "Time"),
  );
}
