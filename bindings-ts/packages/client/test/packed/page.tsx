import { connect, createCache, defineRegistry, merge, type ResourcesOf, type } from "@larder/client";
import { LarderProvider, useEntity, useLiveQuery, useMutation, useSyncStatus } from "@larder/react";
import { createRoot } from "react-dom/client";

type File = { id: string; name: string; size: number; tag_ids: string[] };
type Tag = { id: string; color: string };

const registry = defineRegistry({
  file: { row: type<File>(), relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } },
  tag: { row: type<Tag>() },
});
declare module "@larder/client" {
  interface Register {
    resources: ResourcesOf<typeof registry>;
  }
}

function Page() {
  const { data } = useLiveQuery({ from: "file", where: { size: { gt: 1 } }, include: { tags: true } });
  const { mutate } = useMutation<{ name: string }>("files.rename", { optimistic: ({ name }) => [merge("file", "1", { name })] });
  const colors: string[] = data.flatMap((file) => file.tags.map((tag) => tag.color));
  const name: string | undefined = useEntity("file", "1")?.name;
  return <p onClick={() => void mutate({ name: "a" })}>{colors} {name} {useSyncStatus().phase}</p>;
}

const cache = await createCache({ registry });
connect(cache, { url: "ws://127.0.0.1:1" });
createRoot(document.body).render(<LarderProvider client={cache}><Page /></LarderProvider>);
