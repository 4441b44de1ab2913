import { type RowOf } from "@larder/client";
import { useLiveQuery } from "@larder/react";

/** A folder that a device serves, with the device. */
export type Root = RowOf<"file", { location: { include: { device: true } } }>;

/** The served folders of all devices, without those that were removed from the library: nobody hears of their files any more. */
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
  const served = data.filter((root) => !root.location?.device?.removed);
  const home = served.find((root) => root.location?.device?.is_self) ?? served[0];
  return { home, roots: home ? [home, ...served.filter((root) => root !== home)] : [] };
}
