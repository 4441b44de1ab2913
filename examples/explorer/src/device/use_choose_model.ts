import { useMutation } from "@larder/react";

import type { Device } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

interface Choice {
  readonly model: string;
  readonly wanted: boolean;
}

/** Says whether a shared model, with all that depends on it, is wanted on the device that this page comes from. */
export function useChooseModel(): (device: Device, model: string, wanted: boolean) => void {
  const report = useReportFailure();
  const { mutate } = useMutation<Choice>("models.select");
  return (device, model, wanted) => {
    mutate({ model, wanted }).catch((reason: unknown) => report(`The choice for “${device.name}” stays as it was`, reason));
  };
}
