import type { Device, Job, Location } from "../resource/library";
import { formatSize } from "../text/size";

const format = new Intl.NumberFormat();

/** What a job says of itself. */
type Told = Pick<Job, "kind" | "state" | "done" | "total" | "name" | "problem_kind">;

/** What a job is about. */
interface Named {
  readonly device: Pick<Device, "id" | "name" | "is_self"> | null;
  readonly location: Pick<Location, "name"> | null;
  /** Where a copy goes to. */
  readonly folder: { readonly location: { readonly device: Pick<Device, "id"> | null } | null } | null;
}

/** What a job does and how far it is: `Filling from Anna's Mac: 12,400 of 83,000`. */
export function jobText(job: Told & Named): string {
  const what = whatText(job);
  const far = farText(job);
  const said = far === null ? what : `${what}: ${far}`;
  return job.state === "paused" ? `${said}, ${waitText(job)}` : said;
}

/** How far a job is, from 0 to 1; nothing while that is not known. */
export function jobPart({ done, total }: Pick<Job, "done" | "total">): number | undefined {
  return total === null || total === 0 ? undefined : Math.min(1, done / total);
}

function waitText({ kind, problem_kind, device }: Told & Named): string {
  if (kind === "copy" && problem_kind === "disk_full") return "waits for room on the disk";
  if (kind === "copy" && problem_kind !== null) return `waits for ${device?.name ?? "its device"}`;
  return "goes on later";
}

function whatText({ kind, name, device, location, folder }: Told & Named): string {
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
      return device === null ? "Taking away what is not wanted" : `Taking away files of ${device.name}`;
    case "compact":
      return "Tidying up";
    case "copy":
      return `Copying ${name ?? "a file"}${wayText(device, folder)}`;
  }
}

/** The device of a copy has the files, or, where they go to another one than this, is that. */
function wayText(device: Named["device"], folder: Named["folder"]): string {
  if (!device || device.is_self) return "";
  return folder?.location?.device?.id === device.id ? ` to ${device.name}` : ` from ${device.name}`;
}

function farText({ kind, done, total }: Told): string | null {
  if (kind === "copy") return total === null ? null : `${formatSize(done)} of ${formatSize(total)}`;
  if (total !== null) return `${format.format(done)} of ${format.format(total)}`;
  return done === 0 ? null : format.format(done);
}
