import "./sidebar.css";

import type { Filters } from "../filter/filters";
import type { File as FileRow } from "../resource/library";
import type { Tag as TagRow } from "../resource/library";
import { FolderTree } from "../tree/folder_tree";
import { DeviceList } from "../device/device_list";
import { useRoots } from "../folder/use_roots";
import { Brand } from "./brand";
import { FavoritesEntry } from "./favorites_entry";
import { TagEntry } from "./tag_entry";

interface SidebarProps {
  readonly folder: FileRow | undefined;
  readonly tags: readonly TagRow[];
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
}

/** The ways to files: by folder, by tag, favourites. */
export function Sidebar({ folder, tags, filters, onChange }: SidebarProps) {
  const { roots } = useRoots();
  const showTag = (id: string, shown: boolean) => onChange({ tagId: shown ? null : id, everywhere: !shown });
  return (
    <aside className="sidebar" aria-label="Library">
      <Brand />
      <div className="sidebar-scroll">
        <section>
          <FavoritesEntry
            shown={filters.favorites}
            onShow={(shown) => onChange({ favorites: shown, everywhere: shown })}
          />
        </section>
        <section aria-labelledby="sidebar-folders">
          <h2 id="sidebar-folders">Folders</h2>
          <FolderTree
            roots={roots}
            folder={folder}
            isShown={!filters.everywhere}
            onChoose={() => onChange({ everywhere: false, favorites: false, tagId: null })}
          />
        </section>
        {tags.length > 0 && (
          <section aria-labelledby="sidebar-tags">
            <h2 id="sidebar-tags">Tags</h2>
            {tags.map((tag) => {
              const shown = filters.tagId === tag.id && filters.everywhere;
              return <TagEntry key={tag.id} tag={tag} shown={shown} onToggle={() => showTag(tag.id, shown)} />;
            })}
          </section>
        )}
        <DeviceList />
      </div>
    </aside>
  );
}
