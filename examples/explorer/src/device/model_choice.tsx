import type { Device } from "../resource/library";
import { useChooseModel } from "./use_choose_model";

/** What a device can do without, by the name of its model. */
const MODELS = [
  { model: "tag", name: "Tags" },
  { model: "album", name: "Albums" },
  { model: "user_metadata", name: "Favorites" },
] as const;

interface ModelChoiceProps {
  readonly device: Device;
}

/** Switches for what the page's own device wants of the library. Other devices keep it either way. */
export function ModelChoice({ device }: ModelChoiceProps) {
  const choose = useChooseModel();
  return (
    <ul className="devices" aria-label={`What is wanted on ${device.name}`}>
      {MODELS.map(({ model, name }) => {
        const wanted = !device.unwanted_models.includes(model);
        return (
          <li key={model} className="device">
            <span className="device-dot" />
            <span className="device-name">{name}</span>
            <button
              type="button"
              role="switch"
              className="device-switch"
              aria-checked={wanted}
              aria-label={`${name} are wanted here`}
              onClick={() => choose(device, model, !wanted)}
            />
          </li>
        );
      })}
    </ul>
  );
}
