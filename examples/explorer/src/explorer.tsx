import { useRef, useState } from "react";

import { FilterBar } from "./filter/filter_bar";
import { useFilters } from "./filter/use_filters";
import { useCurrentFolder } from "./folder/use_current_folder";
import { GoneFolder } from "./folder/gone_folder";
import { Place } from "./folder/place";
import { HelpButton } from "./help/help_button";
import { PanelIcon } from "./icon/action_icons";
import { FilePane } from "./list/file_pane";
import { Sidebar } from "./sidebar/sidebar";
import { ConnectionBadge } from "./status/connection_badge";
import { OfflineBanner } from "./status/offline_banner";
import { ScanBanner } from "./status/scan_banner";
import { StartNotice } from "./status/start_notice";
import { useConnection } from "./status/use_connection";
import { useLeaveWarning } from "./status/use_leave_warning";
import { useTags } from "./tag/tags";
import { ThemeButton } from "./theme/theme_button";

/** The whole page. */
export function Explorer() {
  const { state } = useConnection();
  const { root, folder } = useCurrentFolder();
  const tags = useTags();
  const [filters, changeFilters] = useFilters(folder?.id);
  const [sidebar, setSidebar] = useState<"open" | "closed">("closed");
  const grid = useRef<HTMLDivElement>(null);
  useLeaveWarning();

  if (state === "starting" || !root) return <StartNotice />;
  return (
    <div className="explorer" data-sidebar={sidebar}>
      <Sidebar
        folder={folder}
        tags={tags}
        filters={filters}
        onChange={(change) => {
          changeFilters(change);
          setSidebar("closed");
        }}
      />
      <div className="sidebar-cover" onClick={() => setSidebar("closed")} />
      <main className="main">
        <header className="top">
          <button
            type="button"
            className="icon-button sidebar-button"
            aria-label="Folders and tags"
            aria-expanded={sidebar === "open"}
            onClick={() => setSidebar(sidebar === "open" ? "closed" : "open")}
          >
            <PanelIcon />
          </button>
          <Place folder={folder ?? root} filters={filters} />
          <ConnectionBadge />
          <HelpButton />
          <ThemeButton />
        </header>
        <div className="tools">
          <FilterBar filters={filters} tags={tags} onChange={changeFilters} onLeave={() => grid.current?.focus()} />
        </div>
        <OfflineBanner />
        <ScanBanner />
        {folder ? (
          <FilePane root={root} folder={folder} grid={grid} filters={filters} onChange={changeFilters} />
        ) : (
          <GoneFolder />
        )}
      </main>
    </div>
  );
}
