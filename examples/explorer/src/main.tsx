import "./style/tokens.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/dialog.css";

import { type Cache, connect, createCache } from "@larder/client";
import { LarderProvider } from "@larder/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Explorer } from "./explorer";
import { registry } from "./resource/library";
import { socketUrl } from "./session/socket_url";
import { readToken } from "./session/token";
import { Notice } from "./status/notice";
import { applyTheme, readTheme } from "./theme/theme";
import { reasonText } from "./toast/reason_text";
import { ToastProvider } from "./toast/toast_provider";

const page = createRoot(document.getElementById("root") as HTMLElement);
applyTheme(readTheme(localStorage), document.documentElement, localStorage);
start().catch((reason: unknown) => page.render(<Notice title="The page could not start">{<p>{reasonText(reason)}</p>}</Notice>));

async function start(): Promise<void> {
  const address = new URL(window.location.href);
  const token = readToken(address, sessionStorage);
  if (token === null) return page.render(<NoToken />);
  const cache = await createCache({ registry });
  cache.onError((error) => console.error(`${error.kind}: ${error.message}`));
  connect(cache, { url: socketUrl(address, token) });
  page.render(<Page cache={cache} />);
}

function Page({ cache }: { readonly cache: Cache }) {
  return (
    <StrictMode>
      <LarderProvider client={cache}>
        <ToastProvider>
          <Explorer />
        </ToastProvider>
      </LarderProvider>
    </StrictMode>
  );
}

function NoToken() {
  return (
    <Notice title="This address is not complete">
      <p>Open the address that the engine printed when it started. It ends in “?token=…”.</p>
    </Notice>
  );
}
