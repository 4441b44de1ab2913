import { useLiveQuery } from "@larder/react";
import { useEffect, useEffectEvent, useState } from "react";

import { useReportFailure } from "../toast/toasts";

/** So many copies are looked at, the newest ones. */
const NEWEST = 20;

/** Says so when a copy fails while the page is open. */
export function useCopyReports(): void {
  const report = useReportFailure();
  const [opened_ms] = useState(() => Date.now());
  const [told] = useState(() => new Set<string>());
  const { data } = useLiveQuery({
    from: "job",
    where: { kind: "copy", state: "failed", updated_ms: { gt: opened_ms } },
    orderBy: [{ updated_ms: "desc" }],
    limit: NEWEST,
  });
  const tell = useEffectEvent(() => {
    for (const job of data) {
      if (told.has(job.id) || job.problem_kind === "called_off") continue;
      told.add(job.id);
      report(`“${job.name ?? "A file"}” was not copied`, job.problem ?? "The engine does not say why.");
    }
  });
  useEffect(() => tell(), [data]);
}
