import "./job_list.css";

import { CrossIcon } from "../icon/action_icons";
import { jobPart, jobText } from "./job_text";
import { useCallOff } from "./use_call_off";
import { useCopyReports } from "./use_copy_reports";
import { useLibraryStatus } from "./use_library_status";

/** What the engine works at, with how far it is; a copy can be called off. */
export function JobList() {
  const { jobs } = useLibraryStatus();
  const { called, callOff } = useCallOff();
  useCopyReports();
  if (jobs.length === 0) return null;
  return (
    <ul className="jobs" aria-label="Jobs">
      {jobs.map((job) => (
        <li key={job.id} className="job" data-kind={job.kind} data-state={job.state}>
          <span>{jobText(job)}</span>
          {job.kind === "copy" && (
            <button
              type="button"
              className="icon-button job-end"
              aria-label={`Call off the copy of ${job.name ?? "a file"}`}
              title={called.has(job.id) ? "Being called off" : "Call it off"}
              disabled={called.has(job.id)}
              onClick={() => callOff(job)}
            >
              <CrossIcon />
            </button>
          )}
          <progress aria-label={jobText(job)} value={jobPart(job)} />
        </li>
      ))}
    </ul>
  );
}
