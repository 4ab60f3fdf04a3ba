// The parts of a date, those of ISO 8601 weeks among them.

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** The Monday of the first week of a month or year that has its Thursday in it. `month` counts from 0, and may overflow. */
function firstWeek(year: number, month: number): number {
  const first = utc(year, month, 1);
  const weekday = (new Date(first).getUTCDay() + 6) % 7;
  return weekday > 3 ? first + (7 - weekday) * dayMs : first - weekday * dayMs;
}

function utc(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day);
}

function weekWithin(today: number, year: number, month: number, step: number, weeksMin: number): number {
  const week = (today - firstWeek(year, month)) / weekMs + 1;
  if (week > weeksMin && today >= firstWeek(...moved(year, month, step))) return 1;
  return Math.floor(week < 1 ? (today - firstWeek(...moved(year, month, -step))) / weekMs + 1 : week);
}

function moved(year: number, month: number, months: number): [number, number] {
  const total = year * 12 + month + months;
  return [Math.floor(total / 12), ((total % 12) + 12) % 12];
}

/** One component of a date, by the letter of a date picture: Y M D d F W w X x H h m s f. */
export function fragmentOf(date: Date, component: string): number {
  switch (component) {
    case 'Y':
      return date.getUTCFullYear();
    case 'M':
      return date.getUTCMonth() + 1;
    case 'D':
      return date.getUTCDate();
    default:
      return fragmentOfDay(date, component);
  }
}

function fragmentOfDay(date: Date, component: string): number {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const today = utc(year, month, date.getUTCDate());
  switch (component) {
    case 'd':
      return (today - utc(year, 0, 1)) / dayMs + 1;
    case 'F':
      return date.getUTCDay() || 7;
    case 'W':
      return weekWithin(today, year, 0, 12, 52);
    case 'w':
      return weekWithin(today, year, month, 1, 4);
    case 'X':
      return weekOwner(date.getTime(), year, 0, 12)[0];
    case 'x':
      return weekOwner(date.getTime(), year, month, 1)[1] + 1;
    case 'H':
      return date.getUTCHours();
    case 'h':
      return date.getUTCHours() % 12 || 12;
    case 'P':
      return date.getUTCHours() >= 12 ? 1 : 0;
    case 'm':
      return date.getUTCMinutes();
    case 's':
      return date.getUTCSeconds();
    case 'f':
      return date.getUTCMilliseconds();
    default:
      return Number.NaN;
  }
}

/** The year and month to which the week of a time belongs. */
function weekOwner(now: number, year: number, month: number, step: number): [number, number] {
  if (now < firstWeek(year, month)) return moved(year, month, -step);
  const next = moved(year, month, step);
  return now >= firstWeek(...next) ? next : [year, month];
}
