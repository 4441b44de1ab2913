// What the threads of a page did, from the browser's own trace.

const CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline", "blink.user_timing"];

/** Traces while `work` runs; returns its result and the events. */
export async function traced(page, work) {
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: CATEGORIES, recordMode: "recordUntilFull", traceBufferSizeInKb: 400_000 } });
  const result = await work();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return { result, events };
}

/** Tasks between the marks `begin` and `end`, by thread: how long the longest was and all together, in milliseconds of CPU and of the clock. */
export function tasks(events) {
  const mark = (name) => events.find((event) => event.name === name && event.cat?.includes("blink.user_timing"));
  const [begin, end] = [mark("begin"), mark("end")];
  const name = new Map();
  for (const event of events) if (event.name === "thread_name") name.set(`${event.pid}/${event.tid}`, event.args.name);
  const threads = {};
  for (const event of events) {
    if (event.name !== "RunTask" || event.ph !== "X" || event.pid !== begin.pid) continue;
    if (event.ts + event.dur < begin.ts || event.ts > end.ts) continue;
    const thread = name.get(`${event.pid}/${event.tid}`);
    const key = { CrRendererMain: "page", "DedicatedWorker thread": "worker" }[thread];
    if (key === undefined) continue;
    const found = (threads[key] ??= { tasks: 0, longest_ms: 0, longest_cpu_ms: 0, cpu_ms: 0 });
    found.tasks++;
    found.longest_ms = Math.max(found.longest_ms, event.dur / 1000);
    found.longest_cpu_ms = Math.max(found.longest_cpu_ms, (event.tdur ?? 0) / 1000);
    found.cpu_ms += (event.tdur ?? 0) / 1000;
  }
  return { wall_ms: (end.ts - begin.ts) / 1000, threads };
}
