import type { Device, Job, Location } from "../resource/library";

const format = new Intl.NumberFormat();

/** What a job is about. */
interface Named {
  readonly device: Pick<Device, "name"> | null;
  readonly location: Pick<Location, "name"> | null;
}

/** What a job does and how far it is: `Filling from Anna's Mac: 12,400 of 83,000`. */
export function jobText(job: Pick<Job, "kind" | "state" | "done" | "total"> & Named): string {
  const what = whatText(job);
  const far = farText(job);
  const said = far === null ? what : `${what}: ${far}`;
  return job.state === "paused" ? `${said}, goes on later` : said;
}

/** How far a job is, from 0 to 1; nothing while that is not known. */
export function jobPart({ done, total }: Pick<Job, "done" | "total">): number | undefined {
  return total === null || total === 0 ? undefined : Math.min(1, done / total);
}

function whatText({ kind, device, location }: Pick<Job, "kind"> & Named): string {
  switch (kind) {
    case "index":
      return `Indexing ${location?.name ?? "a folder"}`;
    case "identify":
      return `Looking into files of ${location?.name ?? "a folder"}`;
    case "backfill":
      return `Filling from ${device?.name ?? "another device"}`;
    case "catch_up":
      return `Catching up with ${device?.name ?? "another device"}`;
    case "closure":
      return "Sorting folders";
    case "evict":
      return `Taking away files of ${device?.name ?? "another device"}`;
    case "compact":
      return "Tidying up";
  }
}

function farText({ done, total }: Pick<Job, "done" | "total">): string | null {
  if (total !== null) return `${format.format(done)} of ${format.format(total)}`;
  return done === 0 ? null : format.format(done);
}
