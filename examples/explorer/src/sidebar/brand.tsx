/** The name of the product. */
export function Brand() {
  return (
    <div className="brand">
      <img src="/icon.svg" alt="" width="22" height="22" />
      Larder
    </div>
  );
}
