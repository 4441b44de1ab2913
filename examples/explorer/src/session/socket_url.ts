/** The address of the engine's WebSocket: the one this page came from. */
export function socketUrl(page: URL, token: string): string {
  const url = new URL("/ws", page);
  url.protocol = page.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("token", token);
  return url.href;
}
