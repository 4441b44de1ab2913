import { createContext, use } from "react";

/** What a message offers to do about it. */
export interface ToastAction {
  readonly label: string;
  readonly act: () => void;
}

/** A message that shows for a while. */
export interface Toast {
  readonly id: number;
  readonly title: string;
  readonly detail: string;
  readonly action: ToastAction | undefined;
}

/** Shows that something did not work: what, the reason, and what to do about it. */
export type ReportFailure = (title: string, reason: unknown, action?: ToastAction) => void;

export const ToastContext = createContext<ReportFailure | null>(null);

export function useReportFailure(): ReportFailure {
  const report = use(ToastContext);
  if (!report) throw new Error("useReportFailure needs a ToastProvider above it");
  return report;
}
