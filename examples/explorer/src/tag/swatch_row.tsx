import { PALETTE } from "./palette";

interface SwatchRowProps {
  readonly color: string;
  readonly onPick: (color: string) => void;
}

/** The colours for a new tag. */
export function SwatchRow({ color, onPick }: SwatchRowProps) {
  return (
    <div className="swatches" role="radiogroup" aria-label="Colour of the new tag">
      {PALETTE.map((choice) => (
        <button
          key={choice}
          type="button"
          role="radio"
          className="swatch"
          aria-checked={choice === color}
          aria-label={choice}
          style={{ "--tag": choice }}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(choice)}
        />
      ))}
    </div>
  );
}
