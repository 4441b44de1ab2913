import { merge } from "@larder/client";
import { useMutation } from "@larder/react";

import type { Device } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

/** Takes the device that this page comes from offline, or back. */
export function usePause(): (device: Device, paused: boolean) => void {
  const report = useReportFailure();
  const { mutate } = useMutation<{ id: string; paused: boolean }>("devices.pause", {
    optimistic: ({ id, paused }) => [merge("device", id, { online: !paused, state: paused ? "paused" : "catching_up" })],
  });
  return (device, paused) => {
    mutate({ id: device.id, paused }).catch((reason: unknown) =>
      report(paused ? `“${device.name}” stays online` : `“${device.name}” stays offline`, reason),
    );
  };
}
