import { useEffect, useState } from "react";

import { readToken } from "../session/token";

const EVERY_MS = 3000;
const FIRST_MS = 600;

/**
 * Whether the engine is there but does not accept this page's token. A browser does not tell a page why its WebSocket was
 * refused, so the same address is asked by plain HTTP.
 */
export function useRefused(ask: boolean): boolean {
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!ask) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const check = async () => {
      setRefused(await isRefused());
      timer = setTimeout(check, EVERY_MS);
    };
    timer = setTimeout(check, FIRST_MS);
    return () => clearTimeout(timer);
  }, [ask]);
  return ask && refused;
}

async function isRefused(): Promise<boolean> {
  const token = readToken(new URL(window.location.href), sessionStorage) ?? "";
  try {
    const answer = await fetch(`/ws?token=${encodeURIComponent(token)}`);
    return answer.status === 403;
  } catch {
    // Nobody there.
    return false;
  }
}
