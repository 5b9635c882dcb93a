/** The small pieces that every text dialect shares: links, mentions, dates, entities and plain words. */

import { h } from "../page/dom.js";
import { channelName, isBot, person, personName } from "../page/people.js";
import { state } from "../page/store.js";
import { emoji, withPictures } from "./emoji.js";
import { dateTokens, fromTs, fullTime } from "./time.js";

const SAFE_LINK = /^(https?:|mailto:|tel:|slack:)/iu;
const SHORTCODE = /:([a-z0-9_+'-]+):/giu;

/** Slack's three entities back to characters. */
export function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Plain words: emoji become pictures, line breaks stay. */
export function words(text) {
  return decode(text)
    .split(/(\n)/u)
    .map((part) => (part === "\n" ? h("br") : withPictures(part)));
}

/** A plain_text object: no mark-up, but emoji shortcodes unless the app said no. */
export function plainText(object) {
  if (!object) return [];
  return object.emoji === false ? words(object.text ?? "") : withShortcodes(object.text ?? "");
}

/** Words in which :shortcodes: become emoji. */
export function withShortcodes(text) {
  return text.split(SHORTCODE).map((part, index) => {
    if (index % 2 === 0) return words(part);
    return emoji(part.toLowerCase()) ?? `:${part}:`;
  });
}

/** A link when its address is harmless, else only its words. */
export function link(address, label) {
  const href = decode(address);
  const shown = label?.length ? label : words(href.replace(/^mailto:/iu, ""));
  if (!SAFE_LINK.test(href)) return shown;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, shown);
}

/** What stands between angle brackets in mrkdwn; null when it is not one of Slack's forms. */
export function angle(inside) {
  const [head, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (head.startsWith("@")) return userMention(head.slice(1), label);
  if (head.startsWith("#")) return channelMention(head.slice(1), label);
  if (head.startsWith("!")) return special(head.slice(1), label);
  if (SAFE_LINK.test(head)) return link(head, label ? withShortcodes(label) : null);
  return null;
}

/** @Name, marked when it is the person who looks. */
export function userMention(id, label = "") {
  const name = person(id) || isBot(id) ? personName(id) : label || personName(id);
  const mine = id === state.me.user ? " mention--me" : "";
  return h("span", { class: `mention${mine}`, "data-user": id }, `@${name.replace(/^@/u, "")}`);
}

/** #channel. */
export function channelMention(id, label = "") {
  return h("span", { class: "mention", "data-channel": id }, `#${label || channelName(id)}`);
}

/** @channel, @here, @everyone. */
export function broadcast(range) {
  return h("span", { class: "mention mention--me" }, `@${range}`);
}

function special(command, label) {
  const [kind, ...args] = command.split("^");
  if (["channel", "here", "everyone"].includes(kind)) return broadcast(kind);
  if (kind === "date") return dateMention(args, label);
  if (kind === "subteam") return h("span", { class: "mention" }, label || "@group");
  return words(label || `<${kind}>`);
}

/** A moment in the viewer's zone, with the full time on hover. */
export function dateMention([epoch, format, address], fallback) {
  if (!/^-?\d+$/u.test(epoch ?? "")) return words(fallback);
  const moment = fromTs(epoch);
  const shown = h(
    "time",
    { datetime: moment.toISOString(), title: fullTime(moment) },
    dateTokens(epoch, decode(format ?? "{date}")),
  );
  return address ? link(address, [shown]) : shown;
}
