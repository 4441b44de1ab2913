import { useState } from "react";

import { MoonIcon, SunIcon, SystemIcon } from "../icon/theme_icons";
import { applyTheme, nextTheme, readTheme, type Theme } from "./theme";

const LABELS: Readonly<Record<Theme, string>> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};

/** Goes round: as the system, light, dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState(() => readTheme(localStorage));
  const change = () => {
    const next = nextTheme(theme);
    applyTheme(next, document.documentElement, localStorage);
    setTheme(next);
  };
  return (
    <button type="button" className="icon-button" aria-label={LABELS[theme]} title={LABELS[theme]} onClick={change}>
      {theme === "system" ? <SystemIcon /> : theme === "light" ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
