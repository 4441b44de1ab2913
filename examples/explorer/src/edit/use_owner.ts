import { useLiveQuery } from "@larder/react";

import type { File as FileRow } from "../resource/library";

/** Says what the device is called that has a file. */
export function useOwner(): (file: FileRow) => string {
  const { data } = useLiveQuery({ from: "location", include: { device: true } });
  return (file) => data.find((location) => location.id === file.location_id)?.device?.name ?? "Its device";
}
