import { merge } from "@larder/client";
import { useMutation } from "@larder/react";

import type { Device } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

/** Says whether the files of another device are wanted on the one that this page comes from. */
export function useSelect(): (device: Device, wanted: boolean) => void {
  const report = useReportFailure();
  const { mutate } = useMutation<{ id: string; wanted: boolean }>("devices.select", {
    optimistic: ({ id, wanted }) => [merge("device", id, { files_wanted: wanted })],
  });
  return (device, wanted) => {
    mutate({ id: device.id, wanted }).catch((reason: unknown) => report(`The choice for “${device.name}” stays as it was`, reason));
  };
}
