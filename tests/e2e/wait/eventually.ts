const STEP_MS = 25;

/** Waits until `probe` gives something other than `undefined` or `false`; then it fails, saying what was waited for. */
export async function eventually<T>(what: string, probe: () => T | Promise<T>, within_ms = 10_000): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + within_ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`waited ${within_ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
