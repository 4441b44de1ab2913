/** Asks the engine that this page came from. What it refuses is an error in its own words. */
export async function engineCall<T>(path: string, body: unknown): Promise<T> {
  const token = new URL(window.location.href).searchParams.get("token") ?? sessionStorage.getItem("larder.token") ?? "";
  const answer = await fetch(`${path}?token=${encodeURIComponent(token)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 204) return undefined as T;
  const said = (await answer.json()) as T & { readonly message?: string };
  if (!answer.ok) throw new Error(said.message ?? `the engine answered ${answer.status}`);
  return said;
}
