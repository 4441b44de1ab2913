import { useMutation } from "@larder/react";
import { useState } from "react";

import type { Job } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

/** Ends copies before they are done. */
export interface CallOff {
  /** The jobs that are being called off. */
  readonly called: ReadonlySet<string>;
  readonly callOff: (job: Job) => void;
}

export function useCallOff(): CallOff {
  const report = useReportFailure();
  const [called, setCalled] = useState<ReadonlySet<string>>(new Set());
  const { mutate } = useMutation<{ job_id: string }>("files.call_off");
  const callOff = (job: Job): void => {
    setCalled((before) => new Set([...before, job.id]));
    mutate({ job_id: job.id }).catch((reason: unknown) => {
      setCalled((before) => new Set([...before].filter((id) => id !== job.id)));
      report(`The copy of “${job.name ?? "a file"}” goes on`, reason);
    });
  };
  return { called, callOff };
}
