import { createContext, use } from "react";

/** A message that shows for a while. */
export interface Toast {
  readonly id: number;
  readonly title: string;
  readonly detail: string;
}

/** Shows that something did not work: what, and the reason. */
export type ReportFailure = (title: string, reason: unknown) => void;

export const ToastContext = createContext<ReportFailure | null>(null);

export function useReportFailure(): ReportFailure {
  const report = use(ToastContext);
  if (!report) throw new Error("useReportFailure needs a ToastProvider above it");
  return report;
}
