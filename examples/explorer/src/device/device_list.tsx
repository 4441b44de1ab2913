import "./device_list.css";

import { useLiveQuery } from "@larder/react";

import { AddDevice } from "./add_device";
import { DeviceEntry } from "./device_entry";
import { JobList } from "./job_list";
import { ModelChoice } from "./model_choice";
import { usePause } from "./use_pause";
import { useSelect } from "./use_select";

/** The devices that hold the library, the page's own first. */
export function DeviceList() {
  const devices = useLiveQuery({ from: "device", orderBy: [{ is_self: "desc" }, { name: { collate: "natural" } }] });
  const pause = usePause();
  const select = useSelect();
  return (
    <section aria-labelledby="sidebar-devices">
      <h2 id="sidebar-devices">Devices</h2>
      <ul className="devices">
        {devices.data.map((device) => (
          <DeviceEntry
            key={device.id}
            device={device}
            onPause={(paused) => pause(device, paused)}
            onSelect={(wanted) => select(device, wanted)}
          />
        ))}
      </ul>
      {devices.data.length > 1 && devices.data[0]?.is_self && <ModelChoice device={devices.data[0]} />}
      <JobList />
      <AddDevice />
    </section>
  );
}
