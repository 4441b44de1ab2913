import "./help.css";

import { useRef } from "react";

import { CrossIcon, KeyboardIcon } from "../icon/action_icons";
import { usePlainKey } from "../keyboard/use_plain_key";
import { SHORTCUTS } from "./shortcuts";

/** Shows the keys. */
export function HelpButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = () => dialog.current?.showModal();
  usePlainKey("?", open);
  return (
    <>
      <button type="button" className="icon-button" aria-label="Keyboard" title="Keyboard (?)" onClick={open}>
        <KeyboardIcon />
      </button>
      <dialog ref={dialog} className="help" aria-labelledby="help-title" closedby="any">
        <header>
          <h2 id="help-title">Keyboard</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <CrossIcon />
          </button>
        </header>
        <dl>
          {SHORTCUTS.map(({ keys, does }) => (
            <div key={does}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </dialog>
    </>
  );
}
