import "./job_list.css";

import { jobPart, jobText } from "./job_text";
import { useLibraryStatus } from "./use_library_status";

/** What the engine works at, with how far it is. */
export function JobList() {
  const { jobs } = useLibraryStatus();
  if (jobs.length === 0) return null;
  return (
    <ul className="jobs" aria-label="Jobs">
      {jobs.map((job) => (
        <li key={job.id} className="job" data-kind={job.kind} data-state={job.state}>
          <span>{jobText(job)}</span>
          <progress aria-label={jobText(job)} value={jobPart(job)} />
        </li>
      ))}
    </ul>
  );
}
