import { type ReactNode, useRef, useState } from "react";

import { reasonText } from "./reason_text";
import { ToastList } from "./toast_list";
import { type ReportFailure, type Toast, ToastContext } from "./toasts";

/** More at once would hide the page; the oldest go first. */
const MOST = 4;

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const report: ReportFailure = (title, reason, action) => {
    const id = next.current++;
    setToasts((shown) => [...shown.slice(1 - MOST), { id, title, detail: reasonText(reason), action }]);
  };
  const dismiss = (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id));
  return (
    <ToastContext value={report}>
      {children}
      <ToastList toasts={toasts} onDismiss={dismiss} />
    </ToastContext>
  );
}
