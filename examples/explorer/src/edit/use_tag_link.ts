import { merge } from "@larder/client";
import { useLarder } from "@larder/react";

import type { File as FileRow } from "../resource/library";

/** Puts a tag on a file, or takes it off. Rejects if the engine refuses. */
export function useTagLink(): (file: FileRow, tagId: string, on: boolean) => Promise<void> {
  const cache = useLarder();
  return (file, tagId, on) => {
    const others = file.tag_ids.filter((id) => id !== tagId);
    const { settled } = cache.mutate({
      name: on ? "tags.apply" : "tags.remove",
      args: { file_id: file.id, tag_id: tagId },
      optimistic: [merge("file", file.id, { tag_ids: on ? [...others, tagId] : others })],
    });
    return settled;
  };
}
