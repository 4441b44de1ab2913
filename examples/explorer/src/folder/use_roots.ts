import { type RowOf } from "@larder/client";
import { useLiveQuery } from "@larder/react";

/** A folder that a device serves, with the device. */
export type Root = RowOf<"file", { location: { include: { device: true } } }>;

/** The served folders of all devices. */
export interface Roots {
  /** The one of the device that this page comes from. */
  readonly home: Root | undefined;
  /** All of them, `home` first. */
  readonly roots: readonly Root[];
}

export function useRoots(): Roots {
  const { data } = useLiveQuery({
    from: "file",
    where: { parent_id: null },
    orderBy: [{ name: { collate: "natural" } }],
    include: { location: { include: { device: true } } },
  });
  const home = data.find((root) => root.location?.device?.is_self) ?? data[0];
  return { home, roots: home ? [home, ...data.filter((root) => root !== home)] : [] };
}
