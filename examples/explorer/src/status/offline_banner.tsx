import { countOf } from "../text/count";
import { Banner } from "./banner";
import { useConnection } from "./use_connection";
import { useRefused } from "./use_refused";

/** Says that what one sees may be old, and what becomes of edits. */
export function OfflineBanner() {
  const { state, pending } = useConnection();
  const offline = state === "offline";
  const refused = useRefused(offline);
  if (!offline) return null;
  if (refused) {
    return (
      <Banner tone="warn">
        <strong>Disconnected.</strong> The engine was started anew and no longer knows this page. Open the address it
        printed.
      </Banner>
    );
  }
  return (
    <Banner tone="warn">
      <strong>Offline.</strong> You see the files as they were. {pending === 0 ? "You can go on editing" : waiting(pending)}.
    </Banner>
  );
}

function waiting(pending: number): string {
  return `${countOf(pending, "edit")} will be sent when the engine is back`;
}
