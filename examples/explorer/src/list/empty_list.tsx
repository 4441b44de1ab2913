import type { ReactNode } from "react";

interface EmptyListProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** What stands where the rows would be. */
export function EmptyList({ title, children }: EmptyListProps) {
  return (
    <div className="empty">
      <svg aria-hidden="true" width="88" height="64" viewBox="0 0 88 64" fill="none" strokeWidth="2" strokeLinecap="round">
        <path className="empty-line" d="M6 20h76M6 42h76M12 62V4M76 62V4" />
        <rect className="empty-jar" x="22" y="8" width="11" height="12" rx="2.5" />
        <rect className="empty-jar" x="52" y="30" width="13" height="12" rx="2.5" />
      </svg>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
