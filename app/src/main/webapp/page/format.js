// Numbers and times as people read them.

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const ONE = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const whole = (number) => WHOLE.format(number ?? 0);
export const short = (number) => (number < 10000 ? WHOLE.format(number ?? 0) : SHORT.format(number));
export const rate = (number) => (number === undefined ? "–" : number < 9.95 && number > 0 ? ONE.format(number) : short(number));
export const percent = (part, of) => (of ? `${ONE.format((100 * part) / of)} %` : "–");
export const plural = (number, one, more = `${one}s`) => `${whole(number)} ${number === 1 ? one : more}`;

/** Bytes per second, as a network's people say it: bits. */
export function bits(bytesPerSecond) {
  if (bytesPerSecond === undefined) return "–";
  const value = 8 * bytesPerSecond;
  const units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
  const step = Math.min(units.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
  const number = value / 1000 ** step;
  return `${number < 10 && step ? ONE.format(number) : WHOLE.format(number)} ${units[step]}`;
}

const pad = (number, digits = 2) => String(number).padStart(digits, "0");

/** A time of the day, with the date if that is not today. */
export function moment(millis) {
  const time = new Date(millis);
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
  const today = new Date().toDateString() === time.toDateString();
  return today ? clock : `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

/** How long something takes, in its two largest units. */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}
