import type { ReactNode } from "react";

/** A page with nothing but a message: what is the matter and what to do. */
export function Notice({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <main className="notice" role="status">
      <img src="/icon.svg" alt="" width="44" height="44" />
      <h1>{title}</h1>
      {children}
    </main>
  );
}
