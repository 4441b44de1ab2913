import { useState } from "react";

/** Which folders of the tree are unfolded. */
export interface OpenFolders {
  readonly ids: ReadonlySet<string>;
  readonly set: (id: string, open: boolean) => void;
}

/** Unfolded folders; those in `revealed` unfold whenever that list changes (the way to the open folder). */
export function useOpenFolders(revealed: readonly string[]): OpenFolders {
  const [ids, setIds] = useState<ReadonlySet<string>>(() => new Set(revealed));
  const way = revealed.join(" ");
  const [shownWay, setShownWay] = useState(way);
  if (way !== shownWay) {
    setShownWay(way);
    setIds(new Set([...ids, ...revealed]));
  }
  const set = (id: string, open: boolean) => {
    setIds((before) => {
      const after = new Set(before);
      if (open) after.add(id);
      else after.delete(id);
      return after;
    });
  };
  return { ids, set };
}
