import { connect, createCache } from "@larder/client";
import { LarderProvider, useEntity, useLiveQuery, useMutation, useSyncStatus } from "@larder/react";
import { createRoot } from "react-dom/client";

function Page() {
  const { data } = useLiveQuery<{ id: string }>({ from: "file" });
  const { mutate } = useMutation("files.rename");
  return <p onClick={() => void mutate({})}>{data.length} {String(useEntity("file", "1"))} {useSyncStatus().phase}</p>;
}

const cache = await createCache({ registry: { types: [{ name: "file" }] } });
connect(cache, { url: "ws://127.0.0.1:1" });
createRoot(document.body).render(<LarderProvider client={cache}><Page /></LarderProvider>);
