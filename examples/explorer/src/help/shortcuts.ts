/** A key, or several that do the same, and what it does. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["↑", "↓"], does: "Move through the list" },
  { keys: ["Home", "End"], does: "First and last file" },
  { keys: ["Page Up", "Page Down"], does: "A page up or down" },
  { keys: ["Enter"], does: "Open a folder, rename a file" },
  { keys: ["Backspace"], does: "Go to the folder above" },
  { keys: ["F2"], does: "Rename" },
  { keys: ["T"], does: "Tags" },
  { keys: ["S", "Space"], does: "Favourite" },
  { keys: ["C"], does: "Copy to a folder of any device" },
  { keys: ["M"], does: "Move to another folder" },
  { keys: ["Delete"], does: "Delete" },
  { keys: ["/"], does: "Filter by name" },
  { keys: ["?"], does: "This list" },
];
