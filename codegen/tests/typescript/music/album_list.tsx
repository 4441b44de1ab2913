import { useLiveQuery } from "@larder/react";

/** Compiled, so that hooks are known to take the generated types without being told. */
export function AlbumList({ since }: { readonly since: number }) {
  const { data } = useLiveQuery({ from: "album", where: { year: { gte: since } }, include: { artists: true }, limit: 10 });
  return (
    <ul>
      {data.map((album) => (
        <li key={album.id}>
          {album.title} ({album.artists.map((artist) => artist.name).join(", ")})
        </li>
      ))}
    </ul>
  );
}
