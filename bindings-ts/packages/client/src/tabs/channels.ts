import type { Notice, Request } from "../async/messages.js";

/** From pages to the owner. */
export interface ToOwner {
  readonly from: string;
  /** Which owner is meant; another one does not take it. Without it, whoever is the owner. */
  readonly to?: string;
  /** The page is here, or is gone. */
  readonly page?: "joins" | "leaves";
  readonly requests?: readonly Request[];
}

/** From the owner to all pages. */
export interface FromOwner {
  readonly owner: string;
  /** Nothing, where the owner only says that it is the owner now. */
  readonly notices?: readonly Notice[];
}

/** The owner is there, and may be silent for so long without being taken for gone. */
export interface Beat {
  readonly patience_ms: number;
}

/** Counts up with each change of what tabs send each other, so that tabs of two versions of an app leave each other alone. */
const VERSION = 1;

/** The names of what the tabs of one cache share in an origin. */
export const shared = (name: string) => ({
  up: `larder ${VERSION}/${name}/up`,
  down: `larder ${VERSION}/${name}/down`,
  beats: `larder ${VERSION}/${name}/beats`,
  ownership: `larder ${VERSION}/${name}/owner`,
  tab: (tab: string) => `larder ${VERSION}/${name}/tab/${tab}`,
});
