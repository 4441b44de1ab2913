const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const fullDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** Midnight of the day of `moment`, in the reader's time zone. */
export function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

/** As short as it can be without doubt: today and yesterday with the time, then the day, then the year as well. */
export function formatDate(text: string, today_ms: number): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return "";
  const today = new Date(today_ms);
  const yesterday_ms = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime();
  const tomorrow_ms = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1).getTime();
  const at = moment.getTime();
  if (at >= today_ms && at < tomorrow_ms) return `Today, ${time.format(moment)}`;
  if (at >= yesterday_ms && at < today_ms) return `Yesterday, ${time.format(moment)}`;
  if (moment.getFullYear() === today.getFullYear()) return `${dayOfYear.format(moment)}, ${time.format(moment)}`;
  return fullDay.format(moment);
}

/** Everything there is to know, for a tooltip. */
export function formatExactDate(text: string): string {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? text : exact.format(moment);
}
