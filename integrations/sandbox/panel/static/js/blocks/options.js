/** Where the options of a menu come from, and how a choice becomes Slack's value. */

import { avatar } from "../page/avatar.js";
import { app, botUser, conversations, workspace } from "../page/people.js";
import { local, setLocal } from "../page/store.js";
import { fetchOptions } from "./actions.js";

const PAUSE_MS = 180;
const DEFAULT_MIN_QUERY = 3;

const timers = new Map();
const rounds = new Map();

export const isMany = (one) => one.type.startsWith("multi_");
export const isExternal = (one) => one.type.endsWith("external_select");

const kindOf = (one) => one.type.replace("multi_", "").replace("_select", "");
const plain = (value, text, extra = {}) => ({ value, text: { type: "plain_text", text }, ...extra });

/** The option groups to show for what was typed: [{label, options}], already filtered. */
export function groupsFor(one, id, query) {
  if (isExternal(one)) return local(id).groups ?? [];
  return filtered(OWN[kindOf(one)](one), query);
}

const OWN = {
  static: (one) => groupsOf(one),
  users: () => [{ options: [...people(), plain(botUser(), app().name, { face: avatar(botUser(), "xs") })] }],
  conversations: (one) => [
    {
      options: conversations()
        .filter((row) => allowed(one, row))
        .map(conversationOption),
    },
  ],
  channels: () => [
    {
      options: (workspace()?.channels ?? [])
        .filter((row) => !row.is_private)
        .map((row) => plain(row.id, `#${row.name}`)),
    },
  ],
};

const people = () =>
  (workspace()?.people ?? []).map((one) =>
    plain(one.id, one.real_name || one.name, { face: avatar(one.id, "xs") }),
  );

function conversationOption(row) {
  return plain(row.id, row.kind === "channel" ? `#${row.name}` : row.name);
}

function allowed(one, row) {
  const include = one.filter?.include;
  if (row.kind === "app") return !one.filter?.exclude_bot_users && (!include || include.includes("im"));
  if (!include) return true;
  if (row.kind === "im") return include.includes("im");
  return include.includes(row.is_private ? "private" : "public");
}

function groupsOf({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: group.label, options: group.options }));
  return [{ options: options ?? [] }];
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function filtered(groups, query) {
  const wanted = folded(query.trim());
  const fits = (option) => folded(`${option.text.text} ${option.description?.text ?? ""}`).includes(wanted);
  return groups
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length);
}

/** Asks the app for options after a short pause; a late answer to an older question is dropped. */
export function search(surface, block, one, id, query) {
  clearTimeout(timers.get(id));
  const least = one.min_query_length ?? DEFAULT_MIN_QUERY;
  const round = (rounds.get(id) ?? 0) + 1;
  rounds.set(id, round);
  if ([...query].length < least) return setLocal(id, { status: "short", least, groups: [] });
  setLocal(id, { status: "loading" });
  timers.set(
    id,
    setTimeout(() => fetchRound(surface, block, one, { id, query, round }), query ? PAUSE_MS : 0),
  );
}

async function fetchRound(surface, block, one, { id, query, round }) {
  const answer = await fetchOptions(surface, block.block_id, one, query);
  if (rounds.get(id) !== round) return;
  const failed = Boolean(answer.error) || (!answer.options && !answer.option_groups);
  setLocal(
    id,
    failed
      ? { status: "failed", groups: [] }
      : { status: "done", groups: groupsOf(answer).filter((group) => group.options.length), index: 0 },
  );
}

/** The kept value as options to show. */
export function chosenOptions(one, value) {
  const list = (isMany(one) ? value : [value]).filter(Boolean);
  const kind = kindOf(one);
  if (kind === "static" || kind === "external") return list;
  const all = OWN[kind]({}).flatMap((group) => group.options);
  return list.map((id) => all.find((option) => option.value === id) ?? plain(id, id));
}

/** The value after choosing (or, in a menu of several, after taking away) an option. */
export function afterChoosing(one, value, option) {
  const kind = kindOf(one);
  const stored = kind === "static" || kind === "external" ? cleaned(option) : option.value;
  if (!isMany(one)) return stored;
  const same = (other) => (other.value ?? other) === option.value;
  return value.some(same) ? value.filter((other) => !same(other)) : [...value, stored];
}

function cleaned({ text, value, description }) {
  return description ? { text, value, description } : { text, value };
}
