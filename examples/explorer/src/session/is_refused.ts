/**
 * Whether the engine is there but does not accept this page. A browser does not tell a page why its WebSocket was not
 * opened, so this asks whether the engine answers at all, and then knocks once more.
 */
export async function isRefused(socketUrl: string): Promise<boolean> {
  return (await isThere()) && !(await opens(socketUrl));
}

async function isThere(): Promise<boolean> {
  try {
    return (await fetch("/", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

function opens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onclose = () => resolve(false);
    socket.onopen = () => {
      resolve(true);
      socket.close();
    };
  });
}
