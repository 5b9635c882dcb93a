/** What people typed and chose, kept by surface, block_id and action_id over every update of a view. */

const TEXT = { field: "value", initial: "initial_value" };
const OPTION = { field: "selected_option", initial: "initial_option" };
const OPTIONS = { field: "selected_options", initial: "initial_options", many: true };

/** How each element keeps its value: the field Slack sends, and the field that starts it. */
export const SHAPES = {
  plain_text_input: TEXT,
  email_text_input: TEXT,
  url_text_input: TEXT,
  number_input: TEXT,
  rich_text_input: { field: "rich_text_value", initial: "initial_value" },
  static_select: OPTION,
  external_select: OPTION,
  radio_buttons: OPTION,
  multi_static_select: OPTIONS,
  multi_external_select: OPTIONS,
  checkboxes: OPTIONS,
  users_select: { field: "selected_user", initial: "initial_user" },
  conversations_select: { field: "selected_conversation", initial: "initial_conversation" },
  channels_select: { field: "selected_channel", initial: "initial_channel" },
  multi_users_select: { field: "selected_users", initial: "initial_users", many: true },
  multi_conversations_select: {
    field: "selected_conversations",
    initial: "initial_conversations",
    many: true,
  },
  multi_channels_select: { field: "selected_channels", initial: "initial_channels", many: true },
  datepicker: { field: "selected_date", initial: "initial_date" },
  timepicker: { field: "selected_time", initial: "initial_time" },
  file_input: { field: "files", initial: "initial_files", many: true },
  datetimepicker: { field: "selected_date_time", initial: "initial_date_time" },
};

const kept = new Map();

const slot = (blockId, actionId) => `${blockId}\u0000${actionId}`;

function shelf(surface) {
  if (!kept.has(surface.key)) kept.set(surface.key, new Map());
  return kept.get(surface.key);
}

/** The present value of an element; the first look takes what the server kept, or the initial value. */
export function valueOf(surface, blockId, element) {
  const values = shelf(surface);
  const name = slot(blockId, element.action_id);
  if (!stillFits(values.get(name), element)) values.set(name, firstValue(surface, blockId, element));
  return values.get(name)[SHAPES[element.type].field];
}

/** A kept value serves only the same type of element, and only options that are still offered. */
function stillFits(box, element) {
  if (box?.type !== element.type) return false;
  const offered = element.options ?? element.option_groups?.flatMap((group) => group.options);
  if (!offered) return true;
  const chosen = box.selected_options ?? [box.selected_option].filter(Boolean);
  return chosen.every((option) => offered.some((other) => other.value === option.value));
}

/** Keeps a new value. */
export function keep(surface, blockId, element, value) {
  shelf(surface).set(slot(blockId, element.action_id), boxed(element, value));
}

/** Drops what belongs to inputs that are no longer drawn. */
export function prune(surface, blocks) {
  const values = kept.get(surface.key);
  if (!values) return;
  const present = new Set([...inputs(blocks)].map(([blockId, element]) => slot(blockId, element.action_id)));
  for (const name of values.keys()) {
    if (!present.has(name)) values.delete(name);
  }
}

/** Drops surfaces whose key is not among those still there. */
export function dropSurfaces(prefix, alive) {
  for (const key of kept.keys()) {
    if (key.startsWith(prefix) && !alive.has(key)) kept.delete(key);
  }
}

/** All values of a surface in the shape of Slack's state.values. */
export function stateOf(surface, blocks) {
  const values = {};
  for (const [blockId, element] of inputs(blocks)) {
    const value = valueOf(surface, blockId, element);
    (values[blockId] ??= {})[element.action_id] = boxed(element, value);
  }
  return values;
}

/** A value as Slack sends it. */
export function boxed(element, value) {
  const { field, many } = SHAPES[element.type];
  const box = { type: element.type, [field]: value ?? (many ? [] : null) };
  if (element.type === "timepicker" && element.timezone) box.timezone = element.timezone;
  return box;
}

/** Every [block_id, element] that keeps a value. */
export function* inputs(blocks) {
  for (const block of blocks ?? []) {
    for (const element of elementsOf(block)) {
      if (SHAPES[element.type]) yield [block.block_id, element];
    }
  }
}

function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  if (block.type === "container") return (block.child_blocks ?? []).flatMap(elementsOf);
  return block.type === "actions" ? block.elements : [];
}

function firstValue(surface, blockId, element) {
  const remembered = surface.remembered?.[blockId]?.[element.action_id];
  if (stillFits(remembered, element)) return remembered;
  return boxed(element, element[SHAPES[element.type].initial]);
}
