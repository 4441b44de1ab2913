import { useEffect, useState } from "react";

import { isRefused } from "../session/is_refused";
import { socketUrl } from "../session/socket_url";
import { readToken } from "../session/token";

const EVERY_MS = 5000;
const FIRST_MS = 800;

/** Whether the engine is there but does not accept this page's token; only asked while `ask` holds. */
export function useRefused(ask: boolean): boolean {
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!ask) return undefined;
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const check = async () => {
      const page = new URL(window.location.href);
      const found = await isRefused(socketUrl(page, readToken(page, sessionStorage) ?? ""));
      if (over) return;
      setRefused(found);
      timer = setTimeout(check, EVERY_MS);
    };
    timer = setTimeout(check, FIRST_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask]);
  return ask && refused;
}
