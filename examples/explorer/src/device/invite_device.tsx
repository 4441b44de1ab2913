import { useState } from "react";

import { reasonText } from "../toast/reason_text";
import { engineCall } from "./engine_call";
import { useInvitation } from "./use_invitation";

/** Shows a code, and asks whether to let in who knows it. */
export function InviteDevice() {
  const { invitation, stage, invite } = useInvitation();
  const [failed, setFailed] = useState("");
  const decide = (agree: boolean) => {
    engineCall("/devices/decide", { agree }).catch((reason: unknown) => setFailed(reasonText(reason)));
  };
  if (failed !== "") return <p role="alert">{failed}</p>;
  if (stage?.stage === "paired") return <p role="status">“{stage.name}” is part of the library now.</p>;
  if (stage?.stage === "asking") {
    return (
      <div role="status">
        <p>
          “{stage.name}” (key {stage.fingerprint}) knows the code. Let it in?
        </p>
        <button type="button" className="button" onClick={() => decide(true)}>
          Let it in
        </button>{" "}
        <button type="button" className="button" onClick={() => decide(false)}>
          No
        </button>
      </div>
    );
  }
  if (!invitation || stage?.stage === "over" || stage?.stage === "closed") {
    return (
      <>
        {stage && <p role="status">The code is not valid any more.</p>}
        <button
          type="button"
          className="button"
          onClick={() => {
            invite().catch((reason: unknown) => setFailed(reasonText(reason)));
          }}
        >
          Show a code
        </button>
      </>
    );
  }
  return (
    <div role="status">
      <p>On the other device, within five minutes:</p>
      <p>
        code <strong className="pairing-code">{invitation.code}</strong>, address <strong>{invitation.addresses[0]}</strong>
      </p>
    </div>
  );
}
