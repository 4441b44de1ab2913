/** What the reader chose; `system` follows the system. */
export type Theme = "system" | "light" | "dark";

const KEY = "larder.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** The choice of last time. */
export function readTheme(storage: Storage): Theme {
  const saved = storage.getItem(KEY);
  return ORDER.find((theme) => theme === saved) ?? "system";
}

/** Shows the page in this theme, now and next time. */
export function applyTheme(theme: Theme, page: HTMLElement, storage: Storage): void {
  page.dataset["theme"] = theme;
  storage.setItem(KEY, theme);
}

/** What the button makes of a theme. */
export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
}
