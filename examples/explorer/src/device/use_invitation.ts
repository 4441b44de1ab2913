import { useEffect, useState } from "react";

import { engineCall } from "./engine_call";

/** A code that is shown. */
export interface Invitation {
  readonly code: string;
  readonly addresses: readonly string[];
}

/** How far it is. */
export type Stage =
  | { readonly stage: "closed" | "over" }
  | { readonly stage: "open"; readonly attempts: number }
  | { readonly stage: "asking"; readonly name: string; readonly fingerprint: string }
  | { readonly stage: "paired"; readonly name: string };

/** Follows an invitation of this engine. */
export function useInvitation(): {
  readonly invitation: Invitation | null;
  readonly stage: Stage | null;
  readonly invite: () => Promise<void>;
} {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [stage, setStage] = useState<Stage | null>(null);
  useEffect(() => {
    if (!invitation) return;
    let gone = false;
    const follow = async () => {
      let seen: Stage | null = null;
      while (!gone) {
        seen = await engineCall<Stage>("/devices/invitation", { seen });
        if (gone) return;
        setStage(seen);
        if (seen.stage !== "open" && seen.stage !== "asking") return;
      }
    };
    follow().catch(() => {
      if (!gone) setStage({ stage: "over" });
    });
    return () => {
      gone = true;
    };
  }, [invitation]);
  return {
    invitation,
    stage,
    invite: async () => {
      setStage(null);
      setInvitation(await engineCall<Invitation>("/devices/invite", {}));
    },
  };
}
