import { upsert } from "@larder/client";
import { useMutation } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useReportFailure } from "../toast/toasts";
import { useTagLink } from "./use_tag_link";

export interface Tagging {
  /** Puts the tag on the file, or takes it off. */
  readonly toggle: (file: FileRow, tagId: string) => void;
  /** Makes a new tag and puts it on the file. */
  readonly create: (file: FileRow, name: string, color: string) => void;
}

/** The tags of files, changed by the reader. */
export function useTagging(): Tagging {
  const report = useReportFailure();
  const link = useTagLink();
  const { mutate } = useMutation<{ id: string; name: string; color: string }>("tags.create", {
    optimistic: (tag) => [upsert("tag", { ...tag, version: 0 })],
  });
  return {
    toggle: (file, tagId) => {
      const on = !file.tag_ids.includes(tagId);
      const failure = on ? `“${file.name}” was not tagged` : `The tag of “${file.name}” was not removed`;
      link(file, tagId, on).catch((reason: unknown) => report(failure, reason));
    },
    create: (file, name, color) => {
      const id = crypto.randomUUID();
      mutate({ id, name, color }).catch((reason: unknown) => report(`The tag “${name}” was not created`, reason));
      link(file, id, true).catch((reason: unknown) => report(`“${file.name}” was not tagged`, reason));
    },
  };
}
