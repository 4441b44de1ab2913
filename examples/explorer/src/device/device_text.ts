import type { Device } from "../resource/library";
import { countOf } from "../text/count";

const STATES: Readonly<Record<Device["state"], string>> = {
  uninitialized: "Never met",
  backfilling: "Filling",
  catching_up: "Catching up",
  ready: "Up to date",
  paused: "Offline",
};

/** How a device stands, in a few words. */
export function stateText(device: Device): string {
  if (device.removed) return "Removed";
  if (!device.online && device.state !== "paused") return "Away";
  return STATES[device.state];
}

/** What a device is where one leads the others; nothing, if none does. */
export function roleText({ role, removed }: Device): string | null {
  if (removed || role === "peer") return null;
  return role === "leader" ? "Leads" : "Follows";
}

/** What has not come to a device, and since when; nothing, if it has everything. */
export function lagText({ pending, behind_since_ms, removed }: Device, now_ms: number): string | null {
  if (removed || pending === 0 || behind_since_ms === null) return null;
  return `${countOf(pending, "change")} behind, ${ageText(now_ms - behind_since_ms)}`;
}

function ageText(age_ms: number): string {
  const seconds = Math.max(0, Math.round(age_ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
