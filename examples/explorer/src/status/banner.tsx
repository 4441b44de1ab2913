import "./banner.css";

import type { ReactNode } from "react";

import { AlertIcon } from "../icon/action_icons";

/** A line over the list about the state of the whole page. */
export function Banner({ tone, children }: { readonly tone: "warn" | "info"; readonly children: ReactNode }) {
  return (
    <div className="banner" role="status" data-tone={tone}>
      <AlertIcon />
      <p>{children}</p>
    </div>
  );
}
