import { merge } from "@larder/client";
import { useMutation } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

/** Gives a file another name: shown at once, taken back with a message if the engine refuses. */
export function useRename(): (file: FileRow, name: string) => void {
  const report = useReportFailure();
  const { mutate } = useMutation<{ id: string; name: string }>("files.rename", {
    optimistic: ({ id, name }) => [merge("file", id, { name })],
  });
  return (file, name) => {
    mutate({ id: file.id, name }).catch((reason: unknown) => report(`“${file.name}” was not renamed`, reason));
  };
}
