// Times as the reader's clock shows them; "now" is the clock of the local Slack, in seconds.

const zoned = (options) => new Intl.DateTimeFormat("en-GB", options);
const TIME = zoned({ hour: "2-digit", minute: "2-digit" });
const TIME_SECS = zoned({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = zoned({ day: "numeric", month: "short", year: "numeric" });
const LONG_DAY = zoned({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const NUMBERS = zoned({ day: "2-digit", month: "2-digit", year: "numeric" });
const MONTH_DAY = zoned({ day: "numeric", month: "long", year: "numeric" });

const seconds = (timestamp) => new Date(Number(timestamp) * 1000);

/** Hours and minutes. */
export const clockTime = (timestamp) => TIME.format(seconds(timestamp));

/** Day and time in full, for a tooltip. */
export const fullTime = (timestamp) => `${longDay(timestamp)}, ${TIME_SECS.format(seconds(timestamp))}`;

/** The day in full, or Today and Yesterday. */
export const dayOf = (timestamp, now) => relative(timestamp, now) ?? longDay(timestamp);

const longDay = (timestamp) => LONG_DAY.format(seconds(timestamp));

function relative(timestamp, now) {
  const today = now ? seconds(now) : new Date();
  const days = [
    ["Today", 0],
    ["Yesterday", -1],
    ["Tomorrow", 1],
  ];
  const shifted = (offset) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset).toDateString();
  const day = seconds(timestamp).toDateString();
  return days.find(([, offset]) => shifted(offset) === day)?.[0];
}

/** Fill a `<!date^…>` format of Slack. */
export function slackDate(timestamp, format, now) {
  const when = seconds(timestamp);
  const pretty = (formatter) => relative(timestamp, now)?.toLowerCase() ?? formatter.format(when);
  const tokens = {
    date_num: () => NUMBERS.format(when),
    date_slash: () => NUMBERS.format(when),
    date: () => MONTH_DAY.format(when),
    date_short: () => DAY.format(when),
    date_long: () => LONG_DAY.format(when),
    date_pretty: () => pretty(MONTH_DAY),
    date_short_pretty: () => pretty(DAY),
    date_long_pretty: () => pretty(LONG_DAY),
    time: () => TIME.format(when),
    time_secs: () => TIME_SECS.format(when),
    ago: () => ago(timestamp, now),
  };
  return format.replace(/\{(\w+)\}/g, (token, name) => tokens[name]?.() ?? token);
}

function ago(timestamp, now) {
  const minutes = Math.round((Number(timestamp) - (now ?? Date.now() / 1000)) / 60);
  const relativeTime = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relativeTime.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return relativeTime.format(Math.round(minutes / 60), "hour");
  return relativeTime.format(Math.round(minutes / 1440), "day");
}
