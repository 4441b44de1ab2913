import type { Device } from "../resource/library";
import { lagText, roleText, stateText } from "./device_text";
import { useNow } from "./use_now";

interface DeviceEntryProps {
  readonly device: Device;
  readonly onPause: (paused: boolean) => void;
  readonly onSelect: (wanted: boolean) => void;
}

/** One device: how it stands, what has not come there, and a switch: whether the page's own is online, whether the files of another are wanted. */
export function DeviceEntry({ device, onPause, onSelect }: DeviceEntryProps) {
  const now = useNow(device.behind_since_ms !== null);
  const lag = lagText(device, now);
  const state = stateText(device);
  const role = roleText(device);
  return (
    <li
      className="device"
      data-state={device.state}
      data-online={device.online}
      data-role={device.role}
      data-pending={device.pending}
      title={device.online || device.is_self ? undefined : (device.problem ?? undefined)}
    >
      <span className="device-dot" />
      <span className="device-name">
        {device.name}
        {device.is_self && <span className="device-here"> (this one)</span>}
        {role !== null && <span className="device-role">{role}</span>}
      </span>
      {device.is_self ? (
        <button
          type="button"
          role="switch"
          className="device-switch"
          aria-checked={device.online}
          aria-label={`${device.name} is online`}
          onClick={() => onPause(device.online)}
        />
      ) : (
        <button
          type="button"
          role="switch"
          className="device-switch"
          aria-checked={device.files_wanted}
          aria-label={`Files of ${device.name} are wanted here`}
          title={device.files_wanted ? "Its files are here" : "Its files are not here"}
          onClick={() => onSelect(!device.files_wanted)}
        />
      )}
      <span className="device-state">{lag === null ? state : `${state}: ${lag}`}</span>
    </li>
  );
}
