import { useRef, useState } from "react";

import { reasonText } from "../toast/reason_text";
import { engineCall } from "./engine_call";
import { InviteDevice } from "./invite_device";

/** Lets another device in, or this one into another's library. */
export function AddDevice() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="entry"
        onClick={() => {
          setOpen(true);
          dialog.current?.showModal();
        }}
      >
        <span className="entry-icon">+</span>
        <span className="entry-name">Add a device</span>
      </button>
      <dialog ref={dialog} className="pairing" aria-labelledby="pairing-title" closedby="any" onClose={() => setOpen(false)}>
        <h2 id="pairing-title">Add a device</h2>
        {open && <InviteDevice />}
        {open && <JoinDevice />}
      </dialog>
    </>
  );
}

async function untilLibrary(library: string): Promise<void> {
  for (;;) {
    const now = await engineCall<{ readonly library: string }>("/devices/library", {}).catch(() => null);
    if (now?.library === library) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function JoinDevice() {
  const [said, setSaid] = useState("");
  const join = async (form: FormData) => {
    setSaid("Waiting for somebody to agree on the other device");
    try {
      const text = (name: string) => String(form.get(name) ?? "");
      const asked = { address: text("address"), code: text("code"), merge: form.get("merge") === "on" };
      const { library } = await engineCall<{ readonly library: string }>("/devices/join", asked);
      // The engine opens its database again; what this page holds is of the library before.
      await untilLibrary(library);
      window.location.reload();
    } catch (reason) {
      setSaid(reasonText(reason));
    }
  };
  return (
    <>
      <h3>Or join the library of another device</h3>
      <form action={join}>
        <input name="address" aria-label="Address" placeholder="Its address" required />
        <input name="code" aria-label="Code" placeholder="Its code" inputMode="numeric" autoComplete="off" required />
        <button type="submit" className="button">
          Join
        </button>
        <label title="Only if both libraries have the same name">
          <input name="merge" type="checkbox" /> Merge
        </label>
      </form>
      {said !== "" && <p role="status">{said}</p>}
    </>
  );
}
