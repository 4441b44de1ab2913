import "react";

declare module "react" {
  interface CSSProperties {
    /** Depth of a tree item, from 1. */
    "--level"?: number;
    /** Colour of a tag. */
    "--tag"?: string;
  }
}
