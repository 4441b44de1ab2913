import { serve } from "../src/async/serve.js";
import type { WorkerLike } from "../src/index.js";
import { loadWasm } from "../src/wasm.js";

/** What runs in a worker, at the other end of a real channel in this thread: everything crosses as it does to a worker. */
export function overChannel(): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  serve(port2 as never, loadWasm);
  const worker: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage: (message, transfer) => port1.postMessage(message, transfer),
    terminate: () => {
      port1.close();
      port2.close();
    },
  };
  port1.onmessage = (event) => worker.onmessage?.(event);
  return worker;
}
