import { useLiveQuery } from "@larder/react";

import { countOf } from "../text/count";
import { Banner } from "./banner";

/** Says that the engine is still reading the folder, or that the folder is not there. */
export function ScanBanner() {
  const locations = useLiveQuery({ from: "location", where: { scan_state: { ne: "ready" } } });
  return locations.data.map((location) => (
    <Banner key={location.id} tone={location.scan_state === "missing" ? "warn" : "info"}>
      {location.scan_state === "missing"
        ? `“${location.path}” is not there any more. Put it back, or connect its drive, and the engine goes on.`
        : `Indexing “${location.name}”: ${countOf(location.file_count, "file")} so far.`}
    </Banner>
  ));
}
