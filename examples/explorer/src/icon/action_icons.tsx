import { Glyph } from "./glyph";

export function TagIcon() {
  return (
    <Glyph>
      <path d="M2.2 3.4v4.1c0 .35.14.7.4.95l5.2 5.15a1.3 1.3 0 0 0 1.85 0l3.95-3.95a1.3 1.3 0 0 0 0-1.85L8.45 2.6a1.3 1.3 0 0 0-.95-.4H3.4c-.66 0-1.2.54-1.2 1.2Z" />
      <circle cx="5.3" cy="5.3" r=".9" fill="currentColor" stroke="none" />
    </Glyph>
  );
}

export function MoreIcon() {
  return (
    <Glyph>
      <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />
    </Glyph>
  );
}

export function SearchIcon() {
  return (
    <Glyph>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </Glyph>
  );
}

export function CrossIcon() {
  return (
    <Glyph size={14}>
      <path d="m4.2 4.2 7.6 7.6M11.8 4.2l-7.6 7.6" />
    </Glyph>
  );
}

export function CheckIcon() {
  return (
    <Glyph size={14}>
      <path d="m3.4 8.4 3 3 6.2-6.6" />
    </Glyph>
  );
}

export function AlertIcon() {
  return (
    <Glyph>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.9v3.6" />
      <circle cx="8" cy="11" r=".8" fill="currentColor" stroke="none" />
    </Glyph>
  );
}

export function PanelIcon() {
  return (
    <Glyph>
      <rect x="2" y="2.8" width="12" height="10.4" rx="2" />
      <path d="M6.2 2.8v10.4" />
    </Glyph>
  );
}

export function KeyboardIcon() {
  return (
    <Glyph>
      <rect x="1.6" y="4" width="12.8" height="8.2" rx="1.8" />
      <path d="M4.2 6.6h.01M6.7 6.6h.01M9.2 6.6h.01M11.7 6.6h.01M4.2 9.6h.01M6.5 9.6h3M11.7 9.6h.01" />
    </Glyph>
  );
}
