import { useEffect, useEffectEvent, useState } from "react";

import { AlertIcon, CrossIcon } from "../icon/action_icons";
import type { Toast } from "./toasts";

const SHOWN_MS = 8000;

interface ToastItemProps {
  readonly toast: Toast;
  readonly onDismiss: (id: number) => void;
}

/** Goes by itself, but not while the pointer or the focus is on it. */
export function ToastItem({ toast, onDismiss }: ToastItemProps) {
  const [held, setHeld] = useState(false);
  const leave = useEffectEvent(() => onDismiss(toast.id));
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(leave, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div
      className="toast"
      role="alert"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <AlertIcon />
      <div className="toast-text">
        <strong>{toast.title}</strong>
        <p>{toast.detail}</p>
        {toast.action && (
          <button
            type="button"
            className="toast-action"
            onClick={() => {
              onDismiss(toast.id);
              toast.action?.act();
            }}
          >
            {toast.action.label}
          </button>
        )}
      </div>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onDismiss(toast.id)}>
        <CrossIcon />
      </button>
    </div>
  );
}
