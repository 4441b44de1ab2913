import { EmptyList } from "../list/empty_list";
import { goToFolder } from "./use_folder_hash";

/** Stands for a folder that the address names and that is not there. */
export function GoneFolder() {
  return (
    <div className="list-scroll">
      <EmptyList title="This folder is not there any more">
        <p>It was moved, renamed or deleted on disk.</p>
        <button type="button" className="button" onClick={() => goToFolder(null)}>
          Go to the first folder
        </button>
      </EmptyList>
    </div>
  );
}
