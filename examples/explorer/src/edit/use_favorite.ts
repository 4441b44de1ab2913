import { merge } from "@larder/client";
import { useMutation } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useReportFailure } from "../toast/toasts";

/** Makes a file a favourite, or no longer. */
export function useFavorite(): (file: FileRow) => void {
  const report = useReportFailure();
  const { mutate } = useMutation<{ id: string; favorite: boolean }>("files.favorite", {
    optimistic: ({ id, favorite }) => [merge("file", id, { favorite })],
  });
  return (file) => {
    mutate({ id: file.id, favorite: !file.favorite }).catch((reason: unknown) =>
      report(`The favourite mark of “${file.name}” was not changed`, reason),
    );
  };
}
