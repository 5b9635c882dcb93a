/** Times in words, in the time zone and language of the person who looks. */

import { viewer } from "../page/people.js";

const DAY_MS = 86_400_000;
const ZONE_FALLBACK = "UTC";

const zone = () => viewer()?.tz || ZONE_FALLBACK;
const locale = () => (viewer()?.locale || "en-US").replace("_", "-");

function say(date, options, language = locale()) {
  try {
    return new Intl.DateTimeFormat(language, { timeZone: zone(), ...options }).format(date);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.DateTimeFormat("en-US", { timeZone: ZONE_FALLBACK, ...options }).format(date);
  }
}

export const fromTs = (ts) => new Date(Number.parseFloat(ts) * 1000);
export const clockTime = (date) => say(date, { hour: "numeric", minute: "2-digit" });
export const shortTime = (date) => clockTime(date).replace(/\s?[AP]M$/u, "");
export const fullTime = (date) => say(date, { dateStyle: "full", timeStyle: "medium" });
export const dayKey = (date) => say(date, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");

/** "Today", "Yesterday" or "Friday, November 20". */
export function dayName(date) {
  return nearDay(date) ?? capital(say(date, { weekday: "long", month: "long", day: "numeric" }));
}

/** "21 Nov 2026, 09:41" or the like, for lists. */
export function dateTime(value) {
  const date = asDate(value);
  return date ? say(date, { dateStyle: "medium", timeStyle: "short" }) : String(value ?? "");
}

/** A Date out of an ISO string, epoch seconds or epoch milliseconds; null when it is none of these. */
export function asDate(value) {
  if (value === undefined || value === null || value === "") return null;
  const number = Number(value);
  const date = Number.isNaN(number) ? new Date(value) : new Date(number < 1e11 ? number * 1000 : number);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Slack's date tokens: "{date_short_pretty} at {time}" with the viewer's zone and language. */
export function dateTokens(epoch, format) {
  const date = fromTs(epoch);
  return format.replace(/\{(\w+)\}/gu, (whole, token) => TOKENS[token]?.(date) ?? whole);
}

const long = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const middle = { year: "numeric", month: "long", day: "numeric" };
const short = { year: "numeric", month: "short", day: "numeric" };

const TOKENS = {
  date_num: (date) => dayKey(date),
  date: (date) => say(date, middle),
  date_short: (date) => say(date, short),
  date_long: (date) => say(date, long),
  date_pretty: (date) => nearDay(date) ?? say(date, middle),
  date_short_pretty: (date) => nearDay(date) ?? say(date, short),
  date_long_pretty: (date) => nearDay(date) ?? say(date, long),
  time: clockTime,
  time_secs: (date) => say(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (date) => agoWords(date),
};

function nearDay(date) {
  const offset = Math.round((Date.parse(dayKey(date)) - Date.parse(dayKey(new Date()))) / DAY_MS);
  if (Math.abs(offset) > 1) return null;
  return capital(new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(offset, "day"));
}

const capital = (words) => words.charAt(0).toLocaleUpperCase(locale()) + words.slice(1);

function agoWords(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const steps = [
    [60, "second", 1],
    [3600, "minute", 60],
    [86_400, "hour", 3600],
    [Infinity, "day", 86_400],
  ];
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** {date, time} as a person in the viewer's zone would type them into two inputs. */
export function zonedParts(epochSeconds) {
  const date = new Date(epochSeconds * 1000);
  const time = say(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB");
  return { date: dayKey(date), time };
}

/** The epoch seconds of a wall-clock date and time in the viewer's zone; null when one is missing. */
export function zonedEpoch(day, time) {
  if (!day || !time) return null;
  const wanted = Date.parse(`${day}T${time}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const seen = zonedParts(guess / 1000);
    guess += wanted - Date.parse(`${seen.date}T${seen.time}:00Z`);
  }
  return Math.round(guess / 1000);
}
